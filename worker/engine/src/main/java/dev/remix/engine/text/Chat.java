package dev.remix.engine.text;

import java.util.List;

/** The turns of one conversation, in order; at least one of them is the assistant's and learnt. */
public record Chat(List<Message> messages) {
    public Chat {
        messages = List.copyOf(messages);
        if (messages.stream().noneMatch(Message::learnt)) {
            throw new IllegalArgumentException("no assistant message to learn from");
        }
    }

    /** What a model is asked in an evaluation: every turn before the last answer. */
    public List<Message> question() {
        return messages.subList(0, lastAnswer());
    }

    /** What a model learns from: nothing after the last answer that is learnt can change its loss. */
    public List<Message> upToAnswer() {
        return messages.subList(0, lastAnswer() + 1);
    }

    /** What an exact match is held against: the last answer that is learnt. */
    public String answer() {
        return messages.get(lastAnswer()).content();
    }

    private int lastAnswer() {
        int last = messages.size() - 1;
        while (!messages.get(last).learnt()) {
            last--;
        }
        return last;
    }
}
