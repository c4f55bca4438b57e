package dev.remix.engine.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What transformers makes of chats, as {@code src/test/python/make_chat_goldens.py} wrote it down. */
final class ChatGoldens {
    private static final Path DIRECTORY = Path.of("src/test/resources/goldens");
    private static final JsonNode JSON = JsonMapper.shared().readTree(DIRECTORY.resolve("chat/chats.json"));

    private ChatGoldens() {}

    /**
     * One chat under one template.
     *
     * @param refused whether the template raises
     * @param ids empty where transformers reads prompt and answer as one, or a control token from a text
     */
    record Golden(
            String template,
            String name,
            List<Message> messages,
            boolean refused,
            String prompt,
            String conversation,
            List<Integer> promptIds,
            List<Integer> ids) {
        List<Message> question() {
            return messages.subList(0, messages.size() - 1);
        }

        @Override
        public String toString() {
            return template + ": " + name;
        }
    }

    static List<String> templates() {
        return JSON.path("goldens").propertyStream().map(Map.Entry::getKey).toList();
    }

    static List<String> templatesWithIds() {
        return templates().stream()
                .filter(template ->
                        of(template).stream().anyMatch(golden -> !golden.ids().isEmpty()))
                .toList();
    }

    static List<Golden> all() {
        return templates().stream().flatMap(template -> of(template).stream()).toList();
    }

    static List<Golden> of(String template) {
        List<Golden> goldens = new ArrayList<>();
        for (Map.Entry<String, JsonNode> chat :
                JSON.path("goldens").path(template).path("chats").properties()) {
            JsonNode golden = chat.getValue();
            goldens.add(new Golden(
                    template,
                    chat.getKey(),
                    messages(JSON.path("chats").path(chat.getKey())),
                    golden.has("refused"),
                    golden.path("prompt").asString(""),
                    golden.path("conversation").asString(""),
                    ids(golden.path("promptIds")),
                    ids(golden.path("ids"))));
        }
        return goldens;
    }

    private static List<Message> messages(JsonNode chat) {
        return chat.valueStream()
                .map(message -> {
                    String content = message.path("content").asString();
                    return switch (message.path("role").asString()) {
                        case "system" -> Message.system(content);
                        case "user" -> Message.user(content);
                        default -> Message.assistant(content);
                    };
                })
                .toList();
    }

    private static List<Integer> ids(JsonNode text) {
        return text.isString()
                ? Arrays.stream(text.stringValue().split(" "))
                        .map(Integer::valueOf)
                        .toList()
                : List.of();
    }

    static String source(String template) {
        try {
            return Files.readString(DIRECTORY.resolve("templates/" + template + ".jinja"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ChatTemplate renderer(String template) {
        JsonNode model = JSON.path("goldens").path(template);
        return KnownTemplate.of(template, source(template)).with(BoundaryTokens.of(template, config(model)));
    }

    private static JsonNode config(JsonNode model) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("bos_token", model.path("bos").asString(null))
                .put("eos_token", model.path("eos").asString(null));
    }

    /** The tokenizer of the template's models, which has the template in a file of its own. */
    static ChatTokenizer tokenizer(String template, Path directory) {
        JsonNode model = JSON.path("goldens").path(template);
        try {
            Files.copy(
                    DIRECTORY.resolve("chat/" + model.path("tokenizer").asString() + ".json"),
                    directory.resolve("tokenizer.json"));
            Files.writeString(
                    directory.resolve("tokenizer_config.json"), config(model).toString());
            Files.writeString(directory.resolve("chat_template.jinja"), source(template));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ChatTokenizer.open(directory);
    }
}
