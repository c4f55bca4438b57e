package dev.remix.engine.text;

/**
 * One turn of a chat.
 *
 * @param weight of each of its tokens in the loss: 1 for an assistant's turn unless the data says otherwise, 0 for all others
 */
public record Message(Role role, String content, float weight) {

    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    public Message {
        if (!(weight >= 0 && Float.isFinite(weight))) {
            throw new IllegalArgumentException("a message's weight is not a number of at least 0");
        }
        if (weight > 0 && role != Role.ASSISTANT) {
            throw new IllegalArgumentException("only an assistant's turn is learnt");
        }
    }

    /** Whether its tokens are in the loss. */
    public boolean learnt() {
        return weight > 0;
    }

    public static Message system(String content) {
        return new Message(Role.SYSTEM, content, 0);
    }

    public static Message user(String content) {
        return new Message(Role.USER, content, 0);
    }

    public static Message assistant(String content) {
        return new Message(Role.ASSISTANT, content, 1);
    }
}
