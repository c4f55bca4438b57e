package dev.remix.engine.text;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.text.Message.Role;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A chat whose system message, if there is one, is taken off the front.
 *
 * @param turns what follows it
 */
record Conversation(Optional<String> system, List<Message> turns) {

    static Conversation of(List<Message> messages) {
        return !messages.isEmpty() && messages.getFirst().role() == Role.SYSTEM
                ? new Conversation(Optional.of(messages.getFirst().content()), messages.subList(1, messages.size()))
                : new Conversation(Optional.empty(), messages);
    }

    String systemOr(String otherwise) {
        return system.orElse(otherwise);
    }

    /** As it is, if user and assistant take turns, the user first; else INVALID_DATA with the first message that doesn't. */
    Conversation alternating(String template) {
        for (int i = 0; i < turns.size(); i++) {
            Role expected = i % 2 == 0 ? Role.USER : Role.ASSISTANT;
            Role role = turns.get(i).role();
            if (role != expected) {
                int number = i + 1 + (system.isPresent() ? 1 : 0);
                throw refusal(
                        "message %d is the %s's where the %s template wants the %s's: user and assistant must take turns"
                                .formatted(number, name(role), template, name(expected)));
            }
        }
        return this;
    }

    /** As it is, if it has no system message. */
    Conversation withoutSystem(String template) {
        if (system.isPresent()) {
            throw refusal(
                    "it has a system message, which the %s template has no place for; put it into the first user message"
                            .formatted(template));
        }
        return this;
    }

    /** Index of the last turn of the user's. */
    int lastQuestion() {
        int last = turns.size() - 1;
        while (last >= 0 && turns.get(last).role() != Role.USER) {
            last--;
        }
        return last;
    }

    private static String name(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static EngineException refusal(String reason) {
        return new EngineException(Kind.INVALID_DATA, reason);
    }
}
