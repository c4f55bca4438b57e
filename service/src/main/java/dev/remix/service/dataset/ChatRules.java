package dev.remix.service.dataset;

import dev.remix.service.Problem;
import dev.remix.service.model.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an example must be: {@code {"messages": [{"role", "content", "weight"?}, …]}} that ends with an assistant's message
 * to learn.
 */
final class ChatRules {
    private static final Set<String> EXAMPLE_FIELDS = Set.of("messages");
    private static final Set<String> MESSAGE_FIELDS = Set.of("role", "content", "weight");
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    private final long line;
    private final Consumer<Problem> problems;
    private final List<Turn> turns = new ArrayList<>();
    private boolean learns;
    private boolean sound = true;

    private ChatRules(long line, Consumer<Problem> problems) {
        this.line = line;
        this.problems = problems;
    }

    /** The turns of a sound example; empty when anything was wrong, which the consumer has been told. */
    static List<Turn> check(long line, JsonNode example, Consumer<Problem> problems) {
        ChatRules rules = new ChatRules(line, problems);
        rules.example(example);
        return rules.sound ? List.copyOf(rules.turns) : List.of();
    }

    private void example(JsonNode example) {
        if (!example.isObject()) {
            refuse("", "not_an_object", "The line holds JSON that is not an object.");
            return;
        }
        unknownFields("", example, EXAMPLE_FIELDS);
        JsonNode messages = example.get("messages");
        if (messages == null) {
            refuse("", "missing_messages", "The example has no \"messages\".");
        } else if (!messages.isArray()) {
            refuse("/messages", "messages_not_an_array", "\"messages\" is not an array.");
        } else if (messages.isEmpty()) {
            refuse("/messages", "empty_messages", "\"messages\" is empty.");
        } else {
            messages(messages);
        }
    }

    private void messages(JsonNode messages) {
        for (int i = 0; i < messages.size(); i++) {
            message("/messages/" + i, messages.get(i));
        }
        if (sound) {
            conversation();
        }
    }

    /** Rules over the whole conversation; they make sense only where each message does. */
    private void conversation() {
        if (turns.stream().allMatch(turn -> turn.role().equals("system"))) {
            refuse("/messages", "only_system_messages", "All messages are the system's.");
        } else if (turns.stream().noneMatch(turn -> turn.role().equals("assistant"))) {
            refuse("/messages", "no_assistant_message", "No message is the assistant's, so there is nothing to learn.");
        } else if (!turns.getLast().role().equals("assistant")) {
            refuse(
                    "/messages/" + (turns.size() - 1) + "/role",
                    "last_message_not_assistant",
                    "The last message must be the assistant's.");
        } else if (!learns) {
            refuse("/messages", "nothing_to_learn", "Every assistant message has weight 0.");
        }
    }

    private void message(String pointer, JsonNode message) {
        if (!message.isObject()) {
            refuse(pointer, "message_not_an_object", "The message is not an object.");
            return;
        }
        unknownFields(pointer, message, MESSAGE_FIELDS);
        String role = role(pointer, message.get("role"));
        String content = content(pointer, message.get("content"));
        weight(pointer, role, message.get("weight"));
        if (role.equals("assistant") && content.isEmpty() && sound) {
            refuse(pointer + "/content", "empty_content", "An assistant's message is empty.");
        }
        turns.add(new Turn(role, content));
    }

    private String role(String pointer, @Nullable JsonNode role) {
        if (role == null) {
            return refuse(pointer, "missing_role", "The message has no \"role\".");
        }
        if (!role.isString() || !ROLES.contains(role.stringValue())) {
            return refuse(
                    pointer + "/role",
                    "unknown_role",
                    "The role must be system, user or assistant, not " + brief(role));
        }
        return role.stringValue();
    }

    private String content(String pointer, @Nullable JsonNode content) {
        if (content == null) {
            return refuse(pointer, "missing_content", "The message has no \"content\".");
        }
        if (!content.isString()) {
            return refuse(pointer + "/content", "content_not_a_string", "\"content\" is not a string.");
        }
        String text = content.stringValue();
        if (!isUnicode(text)) {
            return refuse(
                    pointer + "/content",
                    "invalid_unicode",
                    "\"content\" holds half of a surrogate pair (\\ud800–\\udfff).");
        }
        return text;
    }

    private void weight(String pointer, String role, @Nullable JsonNode weight) {
        boolean assistant = role.equals("assistant");
        if (weight == null) {
            learns |= assistant;
        } else if (!assistant) {
            refuse(pointer + "/weight", "weight_not_allowed", "Only an assistant's message has a weight.");
        } else if (!weight.isInt() || weight.intValue() < 0 || weight.intValue() > 1) {
            refuse(pointer + "/weight", "invalid_weight", "The weight must be 0 or 1, not " + brief(weight));
        } else {
            learns |= weight.intValue() == 1;
        }
    }

    private void unknownFields(String pointer, JsonNode object, Set<String> known) {
        for (Map.Entry<String, JsonNode> property : object.properties()) {
            String name = property.getKey();
            if (!known.contains(name)) {
                String escaped = name.replace("~", "~0").replace("/", "~1");
                refuse(pointer + "/" + escaped, "unknown_field", "The field is not known here.");
            }
        }
    }

    private String refuse(String pointer, String code, String detail) {
        sound = false;
        problems.accept(new Problem(line, pointer, code, detail));
        return "";
    }

    private static boolean isUnicode(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** A value as it was sent, short enough for a sentence. */
    private static String brief(JsonNode value) {
        String text = value.toString();
        return (text.length() <= 40 ? text : text.substring(0, 40) + "…") + ".";
    }
}
