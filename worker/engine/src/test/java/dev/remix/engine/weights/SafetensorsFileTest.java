package dev.remix.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(NumberFormat.class)
    void readsWhatWasWritten(NumberFormat format) {
        Weight matrix = new Weight("a.matrix", List.of(2L, 3L), new float[] {1, -2, 0.5f, 0, 1024, -0.25f});
        Weight scalar = new Weight("a.scalar", List.of(), new float[] {3});
        Path file = directory.resolve("model.safetensors");

        SafetensorsWriter.write(file, List.of(matrix, scalar), format, Map.of("format", "pt"));

        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.names()).containsExactly("a.matrix", "a.scalar");
            assertThat(read.metadata()).isEqualTo(Map.of("format", "pt"));
            assertThat(read.read("a.matrix").shape()).containsExactly(2L, 3L);
            assertThat(read.read("a.matrix").values()).containsExactly(matrix.values());
            assertThat(read.read("a.scalar").values()).containsExactly(3);
        }
        assertThat(directory.resolve("model.safetensors.partial")).doesNotExist();
    }

    @Test
    void roundsToTheNearestBfloat16WithTiesToEven() {
        float above = Float.intBitsToFloat(0x3f808001);
        float tieToEven = Float.intBitsToFloat(0x3f808000);
        float tieToOdd = Float.intBitsToFloat(0x3f818000);
        Path file = directory.resolve("w.safetensors");
        Weight weight = new Weight("w", List.of(4L), new float[] {above, tieToEven, tieToOdd, Float.NaN});

        SafetensorsWriter.write(file, List.of(weight), NumberFormat.BF16, Map.of());

        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            float[] values = read.read("w").values();
            assertThat(Float.floatToRawIntBits(values[0])).isEqualTo(0x3f810000);
            assertThat(Float.floatToRawIntBits(values[1])).isEqualTo(0x3f800000);
            assertThat(Float.floatToRawIntBits(values[2])).isEqualTo(0x3f820000);
            assertThat(values[3]).isNaN();
        }
    }

    /** Header, bytes of data behind it, the kind of refusal and its one sentence. */
    static Stream<Arguments> damaged() {
        return Stream.of(
                Arguments.of("{\"w\":", 8, Kind.STORAGE, "x.safetensors is damaged: its header is not JSON."),
                Arguments.of("[1,2]", 8, Kind.STORAGE, "x.safetensors is damaged: its header is not a JSON object."),
                Arguments.of(
                        tensor("F32", "[2]", "[0,8]"),
                        7,
                        Kind.STORAGE,
                        "x.safetensors is damaged: tensor w lies outside of the file."),
                Arguments.of(
                        tensor("F32", "[2]", "[8,0]"),
                        8,
                        Kind.STORAGE,
                        "x.safetensors is damaged: tensor w lies outside of the file."),
                Arguments.of(
                        tensor("F32", "[3]", "[0,8]"),
                        8,
                        Kind.STORAGE,
                        "x.safetensors is damaged: tensor w is not as long as its shape [3] needs."),
                Arguments.of(
                        tensor("F32", "[4611686018427387904, 4]", "[0,8]"),
                        8,
                        Kind.STORAGE,
                        "x.safetensors is damaged: a tensor is larger than any file."),
                Arguments.of(
                        tensor("F32", "[-2]", "[0,8]"),
                        8,
                        Kind.STORAGE,
                        "x.safetensors is damaged: tensor w has a shape that is no size."),
                Arguments.of(
                        tensor("F32", "[2]", "[0]"),
                        8,
                        Kind.STORAGE,
                        "x.safetensors is damaged: tensor w has no pair of data_offsets."),
                Arguments.of(
                        "{\"v\":" + body("F32", "[2]", "[0,8]") + ",\"w\":" + body("F32", "[2]", "[4,12]") + "}",
                        12,
                        Kind.STORAGE,
                        "x.safetensors is damaged: tensor w overlaps another."),
                Arguments.of(
                        tensor("I64", "[1]", "[0,8]"),
                        8,
                        Kind.INVALID_SPEC,
                        "x.safetensors holds tensor w as I64; F32, F16 and BF16 can be read."));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void refusesADamagedFileInOneSentence(String header, int data, Kind kind, String sentence) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        refuses(framed(json.length, json, data), kind, sentence);
    }

    @Test
    void refusesTwoTensorsOfOneName() throws IOException {
        String twice = "\"w\":" + body("F32", "[1]", "[0,4]") + ",\"w\":" + body("F32", "[1]", "[4,8]");
        byte[] json = ("{" + twice + "}").getBytes(StandardCharsets.UTF_8);
        refuses(framed(json.length, json, 8), Kind.STORAGE, "x.safetensors is damaged: its header is not JSON.");
    }

    @Test
    void refusesAHeaderThatIsLongerThanTheFile() throws IOException {
        String sentence = "x.safetensors is damaged or cut short: it has no whole safetensors header.";
        refuses(framed(1_000, new byte[10], 0), Kind.STORAGE, sentence);
        refuses(framed(Long.MAX_VALUE, new byte[10], 0), Kind.STORAGE, sentence);
        refuses(framed(-1, new byte[10], 0), Kind.STORAGE, sentence);
        refuses(new byte[3], Kind.STORAGE, sentence);
        refuses(new byte[0], Kind.STORAGE, sentence);
    }

    @Test
    void namesAFileThatIsMissing() {
        assertThatThrownBy(() -> SafetensorsFile.open(directory.resolve("gone.safetensors")))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MODEL_NOT_FOUND))
                .hasMessage("There is no file gone.safetensors.");
    }

    private void refuses(byte[] content, Kind kind, String sentence) throws IOException {
        Path file = Files.write(directory.resolve("x.safetensors"), content);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessage(sentence);
    }

    private static String tensor(String dtype, String shape, String offsets) {
        return "{\"w\":" + body(dtype, shape, offsets) + "}";
    }

    private static String body(String dtype, String shape, String offsets) {
        return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(dtype, shape, offsets);
    }

    private static byte[] framed(long length, byte[] json, int data) {
        return ByteBuffer.allocate(8 + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(json)
                .array();
    }
}
