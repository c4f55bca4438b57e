package dev.remix.engine.text;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chat JSONL: one {@code {"messages": [{"role", "content", "weight"?}, …]}} a line, blank lines skipped.
 *
 * <p>Whoever sent the file has had it validated; what is refused here is what only the run can know, or a file that is not
 * the validated one. Every refusal is INVALID_DATA and begins with the line.
 */
public final class ChatFile {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ChatFile() {}

    /** What is done with each chat, in the file's order. */
    @FunctionalInterface
    private interface Reader {
        void read(int line, Chat chat);
    }

    /** Every conversation as tokens; one longer than {@code maxTokens} is refused, never cut. */
    public static List<Example> examples(Path file, ChatTokenizer tokenizer, int maxTokens) {
        List<Example> examples = new ArrayList<>();
        forEach(file, (line, chat) -> {
            Example example = tokenizer.example(chat);
            if (example.length() > maxTokens) {
                throw invalid(line, "%d tokens, more than the job's %d".formatted(example.length(), maxTokens), null);
            }
            examples.add(example);
        });
        return examples;
    }

    /** Every conversation as it was written. */
    public static List<Chat> chats(Path file) {
        List<Chat> chats = new ArrayList<>();
        forEach(file, (line, chat) -> chats.add(chat));
        return chats;
    }

    private static void forEach(Path file, Reader reader) {
        int number = 0;
        boolean empty = true;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    empty = false;
                    reader.read(number, parse(number, line));
                }
            }
        } catch (CharacterCodingException e) {
            throw invalid(number + 1, "not UTF-8", e);
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, "cannot read " + file.getFileName(), e);
        }
        if (empty) {
            throw new EngineException(Kind.INVALID_DATA, file.getFileName() + " has no examples");
        }
    }

    private static Chat parse(int line, String json) {
        try {
            List<Message> messages = new ArrayList<>();
            for (JsonNode message : JSON.readTree(json).path("messages")) {
                messages.add(message(message));
            }
            return new Chat(messages);
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
        String role = node.path("role").asString("");
        return switch (role) {
            case "system" -> Message.system(content.stringValue());
            case "user" -> Message.user(content.stringValue());
            case "assistant" -> new Message(Message.Role.ASSISTANT, content.stringValue(), learnt(node.path("weight")));
            default -> throw new IllegalArgumentException("unknown role \"" + role + "\"");
        };
    }

    private static boolean learnt(JsonNode weight) {
        double value = weight.isMissingNode() || weight.isNull() ? 1 : weight.asDouble(-1);
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("a message's weight is neither 0 nor 1");
        }
        return value == 1;
    }

    private static EngineException invalid(int line, String problem, @Nullable Throwable cause) {
        return new EngineException(Kind.INVALID_DATA, "line " + line + ": " + problem, cause);
    }
}
