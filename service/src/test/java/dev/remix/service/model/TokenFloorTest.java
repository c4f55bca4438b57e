package dev.remix.service.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TokenFloorTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode NO_TEMPLATE = JSON.createObjectNode();

    @Test
    void bytesThatAreTokensAreCountedOneByOne() {
        TokenFloor floor = floor();
        assertThat(floor.exceeds(turns("xxxxx"), 5)).isFalse();
        assertThat(floor.exceeds(turns("xxxxxx"), 5)).isTrue();
        assertThat(floor.exceeds(turns("ööö"), 5)).isTrue();
    }

    @Test
    void theFewestTokensAreFoundEvenWhereTheLongestMatchIsWrong() {
        // Longest match first takes "abc" and then d, e; two tokens suffice.
        TokenFloor floor = floor("abc", "ab", "cde");
        assertThat(floor.exceeds(turns("abcde"), 2)).isFalse();
        assertThat(floor.exceeds(turns("abcde"), 1)).isTrue();
    }

    @Test
    void aSpaceIsSpelledAsInByteLevelVocabularies() {
        TokenFloor floor = floor("Ġthe");
        assertThat(floor.exceeds(turns("x the the the"), 4)).isFalse();
        assertThat(floor.exceeds(turns("x the the the"), 3)).isTrue();
    }

    @Test
    void aTextFarAboveTheLimitIsNotCountedToItsEnd() {
        TokenFloor floor = floor("xx");
        assertThat(floor.exceeds(turns("x".repeat(2_000_000)), 10)).isTrue();
    }

    @Test
    void knownTemplateIsCountedToo() {
        ObjectNode chatml = JSON.createObjectNode();
        chatml.put(
                "chat_template",
                "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + "
                        + "'<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}"
                        + "{{ '<|im_start|>assistant\\n' }}{% endif %}");
        TokenFloor floor = TokenFloor.of(tokenizer("<|im_start|>", "<|im_end|>", "user"), chatml)
                .orElseThrow();
        assertThat(floor.exceeds(turns("x"), 6)).isFalse();
        assertThat(floor.exceeds(turns("x"), 5)).isTrue();
    }

    /** {@code <|im_start|>}, the role, a line feed, {@code <|im_end|>} and a line feed around each content's bytes. */
    @Test
    void theShippedModelsTokensAreCountedExactly() {
        Path shipped = Path.of("../models/remix-tiny");
        TokenFloor floor = TokenFloor.of(
                        JSON.readTree(shipped.resolve("tokenizer.json")),
                        JSON.readTree(shipped.resolve("tokenizer_config.json")))
                .orElseThrow();
        List<Turn> turns = List.of(new Turn("user", "2 + 2?"), new Turn("assistant", "4"));
        int tokens = 5 + 6 + 5 + 1;
        assertThat(floor.exceeds(turns, tokens)).isFalse();
        assertThat(floor.exceeds(turns, tokens - 1)).isTrue();
    }

    @Test
    void tokenizersThatMayDropOrFuseCharactersHaveNoBound() {
        JsonNode unigram = JSON.readTree("{\"model\":{\"type\":\"Unigram\",\"vocab\":[]}}");
        ObjectNode lowercasing = tokenizer();
        lowercasing.putObject("normalizer").put("type", "NFKC");
        assertThat(TokenFloor.of(unigram, NO_TEMPLATE)).isEmpty();
        assertThat(TokenFloor.of(lowercasing, NO_TEMPLATE)).isEmpty();
    }

    private static List<Turn> turns(String content) {
        return List.of(new Turn("user", content));
    }

    private static TokenFloor floor(String... entries) {
        return TokenFloor.of(tokenizer(entries), NO_TEMPLATE).orElseThrow();
    }

    /** All single bytes, and these. */
    private static ObjectNode tokenizer(String... entries) {
        ObjectNode tokenizer = JSON.createObjectNode();
        tokenizer.putObject("pre_tokenizer").put("type", "ByteLevel");
        ObjectNode vocabulary = tokenizer.putObject("model").put("type", "BPE").putObject("vocab");
        for (char letter = '!'; letter < 0x144; letter++) {
            vocabulary.put(String.valueOf(letter), (int) letter);
        }
        for (String entry : entries) {
            vocabulary.put(entry, 1_000 + vocabulary.size());
        }
        return tokenizer;
    }
}
