package dev.remix.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.text.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
    private final List<String> pieces = new ArrayList<>();

    @Test
    void piecesAreWholeCharactersAsSoonAsTheyAreWhole() {
        AnswerText text = text(List.of());
        addAll(text, bytes("aß€😀"));
        assertThat(pieces).containsExactly("a", "ß", "€", "😀");
        text.end(false);
        assertThat(text).hasToString("aß€😀");
    }

    @Test
    void aCharacterThatIsCutOffIsLeftOutAndWhatIsBeforeItIsNot() {
        AnswerText text = new AnswerText(tokens -> tokens.length == 0 ? "" : "ab\uFFFD", List.of(), pieces::add);
        assertThat(text.add(1)).isFalse();
        assertThat(pieces).isEmpty();
        text.end(false);
        assertThat(pieces).containsExactly("ab");
        AnswerText cut = text(List.of());
        addAll(cut, Arrays.copyOf(bytes("a€"), 3));
        cut.end(false);
        assertThat(cut).hasToString("a");
    }

    @Test
    void bytesThatAreNoCharacterShowAsTheTokenizerShowsThem() {
        AnswerText text = text(List.of());
        addAll(text, new int[] {'a', 0xE2, 'b', 0xE2});
        text.end(true);
        assertThat(text).hasToString("a\uFFFDb\uFFFD");
    }

    @Test
    void aStopStringEndsTheTextHoweverTokensCutIt() {
        AnswerText text = text(List.of("END", "Z"));
        assertThat(addAll(text, bytes("one EN two ENDone"))).isEqualTo("one EN two END".length());
        text.end(true);
        assertThat(text).hasToString("one EN two ");
        assertThat(String.join("", pieces)).isEqualTo("one EN two ");
    }

    @Test
    void whatMayBeginAStopStringWaits() {
        AnswerText text = text(List.of("aab"));
        addAll(text, bytes("xaa"));
        assertThat(pieces).containsExactly("x");
        addAll(text, bytes("a"));
        assertThat(pieces).containsExactly("x", "a");
        text.end(false);
        assertThat(text).hasToString("xaaa");
    }

    @Test
    void theFirstOfSeveralStopStringsCounts() {
        AnswerText text =
                new AnswerText(tokens -> tokens.length == 0 ? "" : "one, two; three", List.of(";", ","), pieces::add);
        assertThat(text.add(1)).isTrue();
        assertThat(pieces).containsExactly("one");
    }

    /** With a real byte-level tokenizer, whose tokens break characters wherever its merges do. */
    @Test
    void piecesOfATokenizerJoinToWhatItReadsInAllTokens() {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(Path.of("../../models/remix-tiny"))) {
            int[] tokens = tokenizer.prompt(List.of(Message.user("Grüße, 日本語 and 😀🏳️‍🌈  twice\n\n end")));
            AnswerText text = new AnswerText(tokenizer::text, List.of(), pieces::add);
            addAll(text, tokens);
            text.end(true);
            assertThat(text).hasToString(tokenizer.text(tokens));
            assertThat(String.join("", pieces))
                    .isEqualTo(tokenizer.text(tokens))
                    .contains("日本語 and 😀");
            assertThat(pieces).hasSizeGreaterThan(20).noneMatch(piece -> piece.contains("\uFFFD"));
        }
    }

    private AnswerText text(List<String> stops) {
        return new AnswerText(AnswerTextTest::characters, stops, pieces::add);
    }

    /** A token is a byte. */
    private static String characters(int[] tokens) {
        byte[] bytes = new byte[tokens.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) tokens[i];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** How many tokens it took until a stop string ended the text, or all. */
    private static int addAll(AnswerText text, int[] tokens) {
        for (int i = 0; i < tokens.length; i++) {
            if (text.add(tokens[i])) {
                return i + 1;
            }
        }
        return tokens.length;
    }

    private static int[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] tokens = new int[bytes.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = bytes[i];
        }
        return tokens;
    }
}
