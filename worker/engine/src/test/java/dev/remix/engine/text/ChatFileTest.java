package dev.remix.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        refused("{}", "line 2: no assistant message to learn from");
        refused("{\"messages\":[{\"role\":\"tool\",\"content\":\"a\"}]}", "line 2: unknown role \"tool\"");
        refused("{\"messages\":[{\"role\":\"user\",\"content\":[]}]}", "line 2: a message's content is not a string");
        refused(
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"weight\":0.5}]}",
                "line 2: a message's weight is neither 0 nor 1");
    }

    private void refused(String secondLine, String message) throws IOException {
        Path file = write(GOOD + secondLine);
        assertThatThrownBy(() -> ChatFile.chats(file))
                .isInstanceOf(EngineException.class)
                .hasMessage(message);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws IOException {
        byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
        bytes[45] = (byte) 0xff;
        Path file = Files.write(directory.resolve("bad.jsonl"), bytes);
        assertThatThrownBy(() -> ChatFile.chats(file))
                .isInstanceOf(EngineException.class)
                .hasMessage("line 1: not UTF-8");
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
