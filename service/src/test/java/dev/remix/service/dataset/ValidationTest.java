package dev.remix.service.dataset;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

class ValidationTest {
    private static final String SOUND =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\",\"content\":\"4\"}]}";
    private static final DataSetSettings SETTINGS =
            new DataSetSettings(DataSize.ofMegabytes(64), DataSize.ofMegabytes(1), 16);

    @Test
    void aSoundFileIsCounted() throws IOException {
        String second = "{\"messages\":[{\"role\":\"system\",\"content\":\" Be brief. \"},"
                + "{\"role\":\"user\",\"content\":\"größer?\"},{\"role\":\"assistant\",\"content\":\"ja\",\"weight\":1}]}";
        assertThat(validate((SOUND + "\n" + second + "\r\n").getBytes(UTF_8)))
                .isEqualTo(new Statistics(2, 2, 1, 2, 2, 5 + 18, 18, 20));
    }

    @Test
    void theLastLineNeedsNoEnd() throws IOException {
        assertThat(validate(SOUND.getBytes(UTF_8)).examples()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0} at {1}")
    @MethodSource("badLines")
    void aBadLineIsNamedByNumberPointerAndCode(String code, String pointer, String line) throws IOException {
        Refusal refusal = refusalOf((SOUND + "\n" + line + "\n" + SOUND + "\n").getBytes(ISO_8859_1));
        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.pointer()).isEqualTo(pointer);
            assertThat(problem.line()).isEqualTo(2);
            assertThat(problem.detail()).isNotBlank();
        });
        assertThat(refusal.properties()).containsEntry("totals", Map.of(code, 1L));
    }

    static Stream<Arguments> badLines() {
        String user = "{\"role\":\"user\",\"content\":\"x\"}";
        String assistant = "{\"role\":\"assistant\",\"content\":\"y\"}";
        return Stream.of(
                Arguments.of("invalid_utf8", "", "{\"messages\":\"\u00ff\"}"),
                Arguments.of("byte_order_mark", "", "\u00ef\u00bb\u00bf" + SOUND),
                Arguments.of("invalid_json", "/messages", "{\"messages\":[}"),
                Arguments.of("invalid_json", "", "{\u0000\"\u0000}\u0000"),
                Arguments.of("invalid_json", "", "{"),
                Arguments.of("trailing_text", "", SOUND + SOUND),
                Arguments.of("blank_line", "", "  \t"),
                Arguments.of("not_an_object", "", "[1]"),
                Arguments.of("not_an_object", "", "null"),
                Arguments.of("missing_messages", "", "{}"),
                Arguments.of("messages_not_an_array", "/messages", "{\"messages\":{}}"),
                Arguments.of("empty_messages", "/messages", "{\"messages\":[]}"),
                Arguments.of("unknown_field", "/a~1b~0c", "{\"messages\":[" + assistant + "],\"a/b~c\":1}"),
                Arguments.of("message_not_an_object", "/messages/0", "{\"messages\":[7," + assistant + "]}"),
                Arguments.of("missing_role", "/messages/0", "{\"messages\":[{\"content\":\"x\"}," + assistant + "]}"),
                Arguments.of(
                        "unknown_role",
                        "/messages/0/role",
                        "{\"messages\":[{\"role\":\"bot\",\"content\":\"x\"}," + assistant + "]}"),
                Arguments.of(
                        "unknown_role",
                        "/messages/0/role",
                        "{\"messages\":[{\"role\":null,\"content\":\"x\"}," + assistant + "]}"),
                Arguments.of(
                        "missing_content", "/messages/1", "{\"messages\":[" + user + ",{\"role\":\"assistant\"}]}"),
                Arguments.of(
                        "content_not_a_string",
                        "/messages/1/content",
                        "{\"messages\":[" + user + ",{\"role\":\"assistant\",\"content\":[\"y\"]}]}"),
                Arguments.of(
                        "empty_content",
                        "/messages/1/content",
                        "{\"messages\":[" + user + ",{\"role\":\"assistant\",\"content\":\"\"}]}"),
                Arguments.of(
                        "invalid_unicode",
                        "/messages/1/content",
                        "{\"messages\":[" + user + ",{\"role\":\"assistant\",\"content\":\"\\ud800\"}]}"),
                Arguments.of(
                        "unknown_field",
                        "/messages/0/nmae",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"nmae\":\"z\"}," + assistant + "]}"),
                Arguments.of(
                        "weight_not_allowed",
                        "/messages/0/weight",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"weight\":1}," + assistant + "]}"),
                Arguments.of(
                        "invalid_weight",
                        "/messages/0/weight",
                        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\",\"weight\":0.5}]}"),
                Arguments.of(
                        "nothing_to_learn",
                        "/messages",
                        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\",\"weight\":0}]}"),
                Arguments.of("no_assistant_message", "/messages", "{\"messages\":[" + user + "]}"),
                Arguments.of(
                        "only_system_messages",
                        "/messages",
                        "{\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}"),
                Arguments.of(
                        "last_message_not_assistant",
                        "/messages/1/role",
                        "{\"messages\":[" + assistant + "," + user + "]}"),
                Arguments.of(
                        "duplicate_key",
                        "/messages/0/role",
                        "{\"messages\":[{\"role\":\"user\",\"role\":\"assistant\",\"content\":\"y\"}]}"),
                Arguments.of(
                        "limit_exceeded",
                        "/messages/0/content" + "/0".repeat(13),
                        "{\"messages\":[{\"content\":" + "[".repeat(100) + "]".repeat(100) + "}]}"));
    }

    @Test
    void everyBadMessageOfALineIsNamed() throws IOException {
        Refusal refusal = refusalOf("{\"messages\":[{\"role\":\"bot\"},{\"content\":1,\"x\":2}]}".getBytes(UTF_8));
        assertThat(refusal.problems())
                .extracting(Problem::code)
                .containsExactly(
                        "unknown_role", "missing_content", "unknown_field", "missing_role", "content_not_a_string");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        assertThat(refusalOf(new byte[0]).problems()).extracting(Problem::code).containsExactly("empty_file");
    }

    @Test
    void aBlankFileIsRefused() throws IOException {
        assertThat(refusalOf("\n  \n\n".getBytes(UTF_8)).problems())
                .extracting(Problem::code)
                .containsExactly("blank_file");
    }

    @Test
    void theFirstHundredProblemsAreListedAndAllAreCounted() throws IOException {
        Refusal refusal = refusalOf("{}\n".repeat(250).concat("[]\n").getBytes(UTF_8));
        assertThat(refusal.problems()).hasSize(100);
        assertThat(refusal.properties()).containsEntry("totals", Map.of("missing_messages", 250L, "not_an_object", 1L));
        assertThat(refusal.detail()).startsWith("The file has 251 problems; the first is on line 1");
    }

    @Test
    void aLineAtTheLimitIsTakenAndOneByteMoreIsNot() throws IOException {
        int limit = (int) SETTINGS.maxLineSize().toBytes();
        String padded = SOUND + " ".repeat(limit - SOUND.length());
        assertThat(validate(padded.getBytes(UTF_8)).examples()).isEqualTo(1);
        assertThat(refusalOf((padded + " \n" + SOUND).getBytes(UTF_8)).problems())
                .containsExactly(new Problem(
                        1L, "", "line_too_long", "The line has 1048577 bytes; at most 1048576 are allowed."));
    }

    /** The splitter's buffer is all that a line can occupy; 512 MB on one line would not fit into this heap twice. */
    @Test
    void anEndlessLineIsRefusedWithoutBeingHeld() throws IOException {
        Validation validation =
                new Validation(new DataSetSettings(DataSize.ofGigabytes(4), DataSize.ofMegabytes(1), 16), List.of());
        InputStream endless = new Repeating((byte) 'x', 1L << 30);
        validation.over(endless).transferTo(OutputStream.nullOutputStream());
        assertThat(catchThrowableOfType(Refusal.class, validation::finish).problems())
                .extracting(Problem::detail)
                .containsExactly("The line has 1073741824 bytes; at most 1048576 are allowed.");
    }

    @Test
    void aFileAboveTheLimitIsBrokenOff() {
        Validation validation =
                new Validation(new DataSetSettings(DataSize.ofKilobytes(1), DataSize.ofMegabytes(1), 16), List.of());
        Refusal refusal = catchThrowableOfType(
                Refusal.class,
                () -> validation.over(new Repeating((byte) 'x', 1L << 40)).readAllBytes());
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.TOO_LARGE);
    }

    @Test
    void linesAreCutTheSameHoweverTheBytesArrive() throws IOException {
        byte[] bytes = (SOUND + "\n{}\n" + SOUND + "\nbroken").getBytes(UTF_8);
        List<Problem> whole = refusalOf(bytes).problems();
        Validation validation = new Validation(SETTINGS, List.of());
        InputStream byteByByte = validation.over(new ByteArrayInputStream(bytes));
        while (byteByByte.read() >= 0) {
            assertThat(byteByByte.available()).isNotNegative();
        }
        assertThat(catchThrowableOfType(Refusal.class, validation::finish).problems())
                .isEqualTo(whole)
                .extracting(Problem::line)
                .containsExactly(2L, 4L);
    }

    private static Statistics validate(byte[] bytes) throws IOException {
        Validation validation = new Validation(SETTINGS, List.of());
        validation.over(new ByteArrayInputStream(bytes)).transferTo(OutputStream.nullOutputStream());
        return validation.finish();
    }

    private static Refusal refusalOf(byte[] bytes) throws IOException {
        Validation validation = new Validation(SETTINGS, List.of());
        validation.over(new ByteArrayInputStream(bytes)).transferTo(OutputStream.nullOutputStream());
        return catchThrowableOfType(Refusal.class, validation::finish);
    }

    /** One byte, many times. */
    private static final class Repeating extends InputStream {
        private final byte value;
        private long left;

        Repeating(byte value, long length) {
            this.value = value;
            this.left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? value : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = (int) Math.min(length, left);
            Arrays.fill(buffer, offset, offset + count, value);
            left -= count;
            return count == 0 ? -1 : count;
        }
    }
}
