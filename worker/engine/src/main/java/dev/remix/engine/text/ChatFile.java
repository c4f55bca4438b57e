package dev.remix.engine.text;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chat JSONL: one {@code {"messages": [{"role", "content", "weight"?}, …]}} a line, blank lines skipped.
 *
 * <p>Whoever sent the file has had it validated; what is refused here is what only the run can know, or a file that is not
 * the validated one. Every refusal is INVALID_DATA and begins with the line.
 */
public final class ChatFile {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(16).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private ChatFile() {}

    /** What is done with each chat, in the file's order. */
    @FunctionalInterface
    interface Reader {
        void read(int line, Chat chat);
    }

    /** Every conversation as tokens; one longer than {@code maxTokens} is refused, never cut. */
    public static List<Example> examples(Path file, ChatTokenizer tokenizer, int maxTokens) {
        List<Example> examples = new ArrayList<>();
        forEach(file, (line, chat) -> {
            Example example = example(line, chat, tokenizer);
            if (example.length() > maxTokens) {
                throw invalid(line, "%d tokens, more than the job's %d".formatted(example.length(), maxTokens), null);
            }
            examples.add(example);
        });
        return examples;
    }

    private static Example example(int line, Chat chat, ChatTokenizer tokenizer) {
        try {
            return tokenizer.example(chat);
        } catch (EngineException e) {
            throw e.kind() == Kind.INVALID_DATA ? invalid(line, String.valueOf(e.getMessage()), e) : e;
        }
    }

    /** Every conversation as it was written. */
    public static List<Chat> chats(Path file) {
        List<Chat> chats = new ArrayList<>();
        forEach(file, (line, chat) -> chats.add(chat));
        return chats;
    }

    private static void forEach(Path file, Reader reader) {
        if (!Files.isRegularFile(file)) {
            throw new EngineException(Kind.STORAGE, "There is no file " + file.getFileName() + ".");
        }
        try (InputStream in = Files.newInputStream(file)) {
            forEach(String.valueOf(file.getFileName()), in, reader);
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, "cannot read " + file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    static void forEach(String name, InputStream in, Reader reader) throws IOException {
        boolean empty = true;
        Utf8Lines lines = new Utf8Lines(in);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank()) {
                empty = false;
                reader.read(lines.number(), parse(lines.number(), line));
            }
        }
        if (empty) {
            throw new EngineException(Kind.INVALID_DATA, name + " has no examples");
        }
    }

    private static Chat parse(int line, String json) {
        try {
            JsonNode messages = JSON.readTree(json).path("messages");
            if (!messages.isArray()) {
                throw new IllegalArgumentException("no list of messages");
            }
            return new Chat(messages.valueStream().map(ChatFile::message).toList());
        } catch (StreamConstraintsException e) {
            throw invalid(line, "nested too deeply, or with a text or a number of excessive length", e);
        } catch (MismatchedInputException e) {
            throw invalid(line, "a member occurs twice in one object, or more follows after the object", e);
        } catch (JacksonException e) {
            throw invalid(line, "not JSON", e);
        } catch (IllegalArgumentException e) {
            throw invalid(line, String.valueOf(e.getMessage()), e);
        }
    }

    private static Message message(JsonNode node) {
        JsonNode content = node.path("content");
        if (!content.isString()) {
            throw new IllegalArgumentException("a message's content is not a string");
        }
        // The tokenizer is native and would be handed something that is no text.
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(content.stringValue())) {
            throw new IllegalArgumentException("a message's content holds half of a surrogate pair");
        }
        String role = node.path("role").asString("");
        return switch (role) {
            case "system" -> Message.system(content.stringValue());
            case "user" -> Message.user(content.stringValue());
            case "assistant" -> new Message(Message.Role.ASSISTANT, content.stringValue(), weight(node.path("weight")));
            default -> throw new IllegalArgumentException("a message's role is not system, user or assistant");
        };
    }

    /** Whatever is not a number goes on as one that a message refuses. */
    private static float weight(JsonNode weight) {
        if (weight.isMissingNode() || weight.isNull()) {
            return 1;
        }
        return weight.isNumber() ? (float) weight.doubleValue() : Float.NaN;
    }

    private static EngineException invalid(int line, String problem, @Nullable Throwable cause) {
        return new EngineException(Kind.INVALID_DATA, "line " + line + ": " + problem, cause);
    }
}
