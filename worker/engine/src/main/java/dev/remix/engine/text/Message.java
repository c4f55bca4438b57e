package dev.remix.engine.text;

/**
 * One turn of a chat.
 *
 * @param learnt whether its tokens are in the loss: an assistant's turn, unless the data says {@code "weight": 0}
 */
public record Message(Role role, String content, boolean learnt) {

    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    public Message {
        if (learnt && role != Role.ASSISTANT) {
            throw new IllegalArgumentException("only an assistant's turn is learnt");
        }
    }

    public static Message system(String content) {
        return new Message(Role.SYSTEM, content, false);
    }

    public static Message user(String content) {
        return new Message(Role.USER, content, false);
    }

    public static Message assistant(String content) {
        return new Message(Role.ASSISTANT, content, true);
    }
}
