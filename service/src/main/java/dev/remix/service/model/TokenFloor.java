package dev.remix.service.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * The fewest tokens that can make up a text: a shortest cut of its bytes into entries of the vocabulary. A byte-level BPE
 * tokenizer makes some such cut, so it never makes fewer; merges and pre-tokenisation can only make more.
 *
 * <p>Known for byte-level BPE without a normalizer or with NFC (GPT-2, Llama 3, Qwen, and this project's own model, where
 * the bound is exact). Other tokenizers may drop or fuse characters, and have no bound here.
 */
final class TokenFloor {
    /** The template of ChatML as this project's engine knows it; what else a model brings adds nothing to the count. */
    private static final String CHATML = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + "
            + "message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}"
            + "{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private final Set<String> vocabulary;
    private final int[] lengths;
    private final boolean composed;
    private final boolean chatml;

    private TokenFloor(Set<String> vocabulary, boolean composed, boolean chatml) {
        this.vocabulary = vocabulary;
        this.lengths =
                vocabulary.stream().mapToInt(String::length).distinct().sorted().toArray();
        this.composed = composed;
        this.chatml = chatml;
    }

    /** From a model's {@code tokenizer.json} and {@code tokenizer_config.json}. */
    static Optional<TokenFloor> of(JsonNode tokenizer, JsonNode configuration) {
        boolean composed = tokenizer.at("/normalizer/type").asString("").equals("NFC");
        boolean plain = tokenizer.path("normalizer").isNull()
                || tokenizer.path("normalizer").isMissingNode();
        boolean byteLevel = tokenizer.at("/model/type").asString("").equals("BPE")
                && contains(tokenizer.path("pre_tokenizer"), "ByteLevel")
                && !contains(tokenizer.path("pre_tokenizer"), "Removed");
        if (!byteLevel || !(plain || composed)) {
            return Optional.empty();
        }
        boolean chatml = configuration.path("chat_template").asString("").equals(CHATML);
        return Optional.of(new TokenFloor(vocabulary(tokenizer), composed, chatml));
    }

    private static boolean contains(JsonNode node, String word) {
        return node.toString().contains("\"" + word + "\"");
    }

    private static Set<String> vocabulary(JsonNode tokenizer) {
        Set<String> entries = tokenizer.at("/model/vocab").propertyNames().stream()
                .map(ByteAlphabet::bytes)
                .collect(Collectors.toCollection(HashSet::new));
        StreamSupport.stream(tokenizer.path("added_tokens").spliterator(), false)
                .map(token -> bytes(token.path("content").asString("")))
                .filter(token -> !token.isEmpty())
                .forEach(entries::add);
        return entries;
    }

    boolean exceeds(List<Turn> turns, int tokens) {
        String text = turns.stream().map(this::rendered).collect(Collectors.joining());
        String bytes = bytes(composed ? Normalizer.normalize(text, Normalizer.Form.NFC) : text);
        return bytes.length() > tokens && fewest(bytes, tokens) > tokens;
    }

    /** Templates may trim what a user wrote, so an unknown one is taken to. */
    private String rendered(Turn turn) {
        return chatml
                ? "<|im_start|>" + turn.role() + "\n" + turn.content() + "<|im_end|>\n"
                : turn.content().strip();
    }

    /**
     * Dynamic programming over the cuts: {@code fewest[i]} tokens for the first i bytes. Stops where every way on is above
     * {@code enough}, which bounds the work for a text of any length.
     */
    private int fewest(String bytes, int enough) {
        int[] fewest = new int[bytes.length() + 1];
        Arrays.fill(fewest, 1, fewest.length, Integer.MAX_VALUE);
        int longest = lengths[lengths.length - 1];
        int overSince = 0;
        for (int i = 0; i < bytes.length(); i++) {
            overSince = fewest[i] >= enough ? overSince + 1 : 0;
            if (overSince > longest) {
                return enough + 1;
            }
            extend(bytes, i, fewest);
        }
        return fewest[bytes.length()];
    }

    private void extend(String bytes, int from, int[] fewest) {
        if (fewest[from] == Integer.MAX_VALUE) {
            return;
        }
        for (int length : lengths) {
            int to = from + length;
            if (to <= bytes.length()
                    && fewest[from] + 1 < fewest[to]
                    && vocabulary.contains(bytes.substring(from, to))) {
                fewest[to] = fewest[from] + 1;
            }
        }
    }

    /** UTF-8 as a string of one character a byte. */
    private static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
