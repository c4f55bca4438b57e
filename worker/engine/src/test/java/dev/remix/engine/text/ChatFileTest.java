package dev.remix.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatFileTest {
    private static final String GOOD =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"},{\"role\":\"assistant\",\"content\":\"world\"}]}\n";

    @TempDir
    Path directory;

    @Test
    void everyLineIsAnExample() throws IOException {
        Path file = write(GOOD + "\n" + GOOD);
        try (ChatTokenizer tokenizer = TinyTokenizer.open()) {
            assertThat(ChatFile.examples(file, tokenizer, 100))
                    .hasSize(2)
                    .allSatisfy(example -> assertThat(example.length()).isEqualTo(19));
        }
        assertThat(ChatFile.chats(file)).hasSize(2).first().satisfies(chat -> {
            assertThat(chat.question()).containsExactly(Message.user("hello"));
            assertThat(chat.answer()).isEqualTo("world");
        });
    }

    @Test
    void anExampleThatDoesNotFitIsRefusedWithItsLine() throws IOException {
        Path file = write(GOOD + GOOD.replace("hello", "hello hello"));
        try (ChatTokenizer tokenizer = TinyTokenizer.open()) {
            assertThatThrownBy(() -> ChatFile.examples(file, tokenizer, 19))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("line 2: 25 tokens, more than the job's 19");
        }
    }

    @Test
    void whatIsNotAChatIsRefusedWithItsLine() throws IOException {
        refused("{\"messages\":[", "line 2: not JSON");
        refused("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}", "line 2: no assistant message to learn from");
        refused("{\"messages\":[]}", "line 2: no assistant message to learn from");
        refused("{}", "line 2: no list of messages");
        refused("7", "line 2: no list of messages");
        refused("{\"messages\":{\"a\":{}}}", "line 2: no list of messages");
        refused(
                "{\"messages\":[],\"messages\":[]}",
                "line 2: a member occurs twice in one object, or more follows after the object");
        refused(
                "{\"messages\":[]} {}",
                "line 2: a member occurs twice in one object, or more follows after the object");
        refused("\uFEFF{\"messages\":[]}", "line 2: not JSON");
        refused(
                "{\"messages\":" + "[".repeat(1_000),
                "line 2: nested too deeply, or with a text or a number of excessive length");
        refused("{\"messages\":[7]}", "line 2: a message's content is not a string");
        refused(
                "{\"messages\":[{\"role\":\"tool\",\"content\":\"a\"}]}",
                "line 2: a message's role is not system, user or assistant");
        refused("{\"messages\":[{\"role\":\"user\",\"content\":[]}]}", "line 2: a message's content is not a string");
        refused(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\"}]}",
                "line 2: a message's content holds half of a surrogate pair");
        refused(
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"weight\":-0.5}]}",
                "line 2: a message's weight is not a number of at least 0");
        refused(
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"weight\":\"1\"}]}",
                "line 2: a message's weight is not a number of at least 0");
    }

    private void refused(String secondLine, String message) throws IOException {
        Path file = write(GOOD + secondLine);
        assertThatThrownBy(() -> ChatFile.chats(file))
                .isInstanceOf(EngineException.class)
                .hasMessage(message);
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWithTheirLine() throws IOException {
        byte[] bytes = GOOD.repeat(1_000).getBytes(StandardCharsets.UTF_8);
        bytes[899 * GOOD.length() + 45] = (byte) 0xff;
        Path file = Files.write(directory.resolve("bad.jsonl"), bytes);
        assertThatThrownBy(() -> ChatFile.chats(file))
                .isInstanceOf(EngineException.class)
                .hasMessage("line 900: not UTF-8");
    }

    /** Longer than the buffer, with characters of several bytes across its end, and ends of lines in both fashions. */
    @Test
    void linesOfAnyLengthAndEndAreRead() throws IOException {
        String content = "a\u20ac\ud83d\ude00".repeat(30_000);
        String line = GOOD.strip().replace("world", content);
        Path file = write(line + "\r\n\r\n" + GOOD + line);
        assertThat(ChatFile.chats(file)).extracting(Chat::answer).containsExactly(content, "world", content);
    }

    @Test
    void aLineOfExcessiveLengthIsRefusedBeforeItIsWholeInMemory() throws IOException {
        Path file = directory.resolve("long.jsonl");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // A hole in the file takes no room on the disk.
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}), 1L << 33);
        }
        assertThatThrownBy(() -> ChatFile.chats(file))
                .hasMessage("line 1: over 67,108,864 bytes, more than a line may have");
    }

    @Test
    void aFileThatIsGoneOrADirectoryIsRefused() {
        assertThatThrownBy(() -> ChatFile.chats(directory.resolve("gone.jsonl")))
                .isInstanceOf(EngineException.class)
                .hasMessage("There is no file gone.jsonl.");
        assertThatThrownBy(() -> ChatFile.chats(directory)).isInstanceOf(EngineException.class);
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        Path file = write("\n");
        assertThatThrownBy(() -> ChatFile.chats(file))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("has no examples");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("chat.jsonl"), text);
    }
}
