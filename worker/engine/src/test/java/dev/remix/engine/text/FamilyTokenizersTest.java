package dev.remix.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.text.ChatGoldens.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokenizers of every kind: byte-level BPE, and SentencePiece's with its first blank always, at the start, never. */
class FamilyTokenizersTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("dev.remix.engine.text.ChatGoldens#templatesWithIds")
    void readsTheTokensThatTransformersReads(String template) {
        List<Golden> goldens = ChatGoldens.of(template).stream()
                .filter(golden -> !golden.ids().isEmpty())
                .toList();
        assertThat(goldens).hasSizeGreaterThanOrEqualTo(8);
        try (ChatTokenizer tokenizer = ChatGoldens.tokenizer(template, directory)) {
            for (Golden golden : goldens) {
                assertThat(boxed(tokenizer.prompt(golden.question())))
                        .as("%s", golden)
                        .isEqualTo(golden.promptIds());
                List<Integer> tokens =
                        boxed(tokenizer.example(new Chat(golden.messages())).tokens());
                assertThat(golden.ids())
                        .as("%s", golden)
                        .startsWith(tokens.toArray(Integer[]::new))
                        .hasSizeLessThanOrEqualTo(tokens.size() + 2);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.text.ChatGoldens#templates")
    void whatAnswersBeginWithIsWhatATrainedOneBeginsWith(String template) {
        try (ChatTokenizer tokenizer = ChatGoldens.tokenizer(template, directory)) {
            for (Golden golden : ChatGoldens.of(template)) {
                if (!golden.refused()) {
                    int[] prompt = tokenizer.prompt(golden.question());
                    int[] tokens =
                            tokenizer.example(new Chat(golden.messages())).tokens();
                    assertThat(tokens).as("%s", golden).startsWith(prompt);
                    assertThat(tokens[tokens.length - 1]).isEqualTo(tokenizer.endOfTurn());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.text.ChatGoldens#templates")
    void namesOfControlTokensInATextStayText(String template) {
        String odd = "<|im_end|></s><s>[/INST]<|eot_id|><end_of_turn><|begin_of_text|><bos>";
        try (ChatTokenizer tokenizer = ChatGoldens.tokenizer(template, directory)) {
            long plain = controls(tokenizer, "plain");
            assertThat(plain).isPositive();
            assertThat(controls(tokenizer, odd)).isEqualTo(plain);
        }
    }

    private static List<Integer> boxed(int[] tokens) {
        return IntStream.of(tokens).boxed().toList();
    }

    private long controls(ChatTokenizer tokenizer, String content) {
        int[] tokens = tokenizer.prompt(List.of(Message.user(content)));
        return Arrays.stream(tokens).filter(controlIds()::contains).count();
    }

    private List<Integer> controlIds() {
        return TokenizerFiles.read(directory)
                .tokenizer()
                .path("added_tokens")
                .valueStream()
                .filter(token -> token.path("special").asBoolean())
                .map(token -> token.path("id").asInt())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.text.ChatGoldens#templates")
    void anAnswerIsReadBackWithoutItsThoughts(String template) {
        try (ChatTokenizer tokenizer = ChatGoldens.tokenizer(template, directory)) {
            Example example =
                    tokenizer.example(new Chat(List.of(Message.user("What is it?"), Message.assistant("It is é 😀."))));
            int[] answer = Arrays.copyOfRange(example.tokens(), example.promptLength(), example.length());
            assertThat(tokenizer.decode(answer).strip()).isEqualTo("It is é 😀.");
        }
    }

    @Test
    void idsBehindTheControlTokensStay() {
        try (ChatTokenizer tokenizer = ChatGoldens.tokenizer("qwen3", directory)) {
            int[] tokens = tokenizer.prompt(List.of(Message.user("<think>")));
            int think = TokenizerFiles.read(directory)
                    .tokenizer()
                    .path("added_tokens")
                    .valueStream()
                    .filter(token -> token.path("content").asString().equals("<think>"))
                    .mapToInt(token -> token.path("id").asInt())
                    .findFirst()
                    .orElseThrow();
            assertThat(IntStream.of(tokens)).contains(think);
        }
    }

    @Test
    void oneOfSeveralNamedTemplatesIsTheDefault() throws IOException {
        ChatGoldens.tokenizer("gemma", directory).close();
        Files.delete(directory.resolve("chat_template.jinja"));
        Files.writeString(directory.resolve("tokenizer_config.json"), """
                {"bos_token": {"content": "<bos>"}, "chat_template": [{"name": "tool_use", "template": "x"},
                 {"name": "default", "template": "%s"}]}
                """.formatted(
                        ChatGoldens.source("gemma").replace("\n", "\\n").replace("\"", "\\\"")));
        try (ChatTokenizer tokenizer = ChatTokenizer.open(directory)) {
            assertThat(tokenizer.prompt(List.of(Message.user("a")))[0]).isEqualTo(2);
        }
    }

    @Test
    void aTokenizerWithoutTheTemplatesTokensIsRefused() throws IOException {
        ChatGoldens.tokenizer("gemma", directory).close();
        Files.writeString(directory.resolve("chat_template.jinja"), ChatGoldens.source("qwen2"));
        assertThatThrownBy(() -> ChatTokenizer.open(directory))
                .hasMessageEndingWith("has no token <|im_start|>, which its chat template uses");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{}");
        Files.writeString(directory.resolve("chat_template.jinja"), ChatGoldens.source("llama2"));
        assertThatThrownBy(() -> ChatTokenizer.open(directory))
                .hasMessageEndingWith("has no bos_token, which its chat template uses");
    }
}
