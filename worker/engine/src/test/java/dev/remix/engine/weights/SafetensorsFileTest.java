package dev.remix.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
        String nested = "[".repeat(100_000);
        String whole = "\"w\":" + body("F32", "[1]", "[0,4]");
        return Stream.of(
                storage("{\"w\":", 8, "its header is not JSON"),
                storage("{} {}", 0, "more follows after the end of its header's JSON object"),
                storage("[1,2]", 8, "its header is not a JSON object"),
                storage("{\"w\":[]}", 8, "tensor w is described by no object"),
                storage("{\"w\":" + nested, 8, "tensor w is described by no object"),
                storage(
                        "{\"w\":{\"x\":" + nested,
                        8,
                        "its header is nested too deeply, or has a text or a number of excessive length"),
                storage(
                        tensor("F32", "[" + "9".repeat(1_000) + "]", "[0,8]"),
                        8,
                        "its header is nested too deeply, or has a text or a number of excessive length"),
                storage(tensor("F32", "[2]", "[0,8]"), 7, "tensor w lies outside of the file"),
                storage(tensor("F32", "[2]", "[8,0]"), 8, "tensor w lies outside of the file"),
                storage(
                        tensor("F32", "[2]", "[9223372036854775799,9223372036854775807]"),
                        8,
                        "tensor w lies outside of the file"),
                storage(tensor("F32", "[3]", "[0,8]"), 8, "tensor w is not as long as its shape [3] needs"),
                storage(
                        tensor("F32", "[4611686018427387904, 4]", "[0,8]"),
                        8,
                        "tensor w is not as long as its shape [4611686018427387904, 4] needs"),
                storage(tensor("F32", "[-2]", "[0,8]"), 8, "tensor w has a shape that is no size"),
                storage(tensor("F32", "[2.0]", "[0,8]"), 8, "tensor w has a shape that is no size"),
                storage(tensor("F32", "[\"2\"]", "[0,8]"), 8, "tensor w has a shape that is no size"),
                storage(tensor("F32", "[99999999999999999999]", "[0,8]"), 8, "tensor w has a shape that is no size"),
                storage(
                        tensor("F32", "[" + "1,".repeat(16) + "2]", "[0,8]"),
                        8,
                        "tensor w has a shape of over 16 numbers"),
                storage(tensor("F32", "2", "[0,8]"), 8, "tensor w has a shape that is no list"),
                storage(
                        tensor("F32", "[2]", "[0]"),
                        8,
                        "tensor w lacks its dtype, its shape or its pair of data_offsets"),
                storage("{\"w\":{}}", 8, "tensor w lacks its dtype, its shape or its pair of data_offsets"),
                storage(tensor("F32", "[2]", "[0,8,8]"), 8, "tensor w has a data_offsets of over 2 numbers"),
                storage(tensor("F32", "[2]", "[-8,0]"), 8, "tensor w has a data_offsets that is no size"),
                storage(
                        "{\"v\":" + body("F32", "[2]", "[0,8]") + ",\"w\":" + body("F32", "[2]", "[4,12]") + "}",
                        12,
                        "tensor w overlaps another"),
                storage(
                        "{\"v\":" + body("F32", "[1]", "[0,4]") + ",\"w\":" + body("F32", "[1]", "[8,12]") + "}",
                        12,
                        "bytes 4 to 8 of its data belong to no tensor"),
                storage("{" + whole + "}", 20, "bytes 4 to 20 of its data belong to no tensor"),
                storage("{" + whole + "," + whole + "}", 4, "its header names tensor w twice"),
                storage("{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F16\"}}", 4, "tensor w has two members dtype"),
                storage(
                        "{\"" + "n".repeat(501) + "\":{}}",
                        4,
                        "its header has a name with control characters or of over 500 characters"),
                storage("{\"a\\nb\":{}}", 4, "its header has a name with control characters or of over 500 characters"),
                storage("{\"__metadata__\":{\"a\":1}}", 0, "__metadata__ is not an object of texts"),
                storage("{\"__metadata__\":[]}", 0, "__metadata__ is not an object of texts"),
                storage("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "__metadata__ names a twice"),
                storage("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "its header has two members __metadata__"),
                format("I64"),
                format("U8"),
                format("F8_E4M3"),
                Arguments.of(
                        tensor("\\n\\n", "[2]", "[0,8]"),
                        8,
                        Kind.INVALID_SPEC,
                        "x.safetensors holds tensor w as numbers of an unknown kind; only F32, F16 and BF16 can be read: save"
                                + " the model again in one of them."));
    }

    private static Arguments storage(String header, int data, String problem) {
        return Arguments.of(header, data, Kind.STORAGE, "x.safetensors is damaged: " + problem + ".");
    }

    private static Arguments format(String dtype) {
        return Arguments.of(
                tensor(dtype, "[2]", "[0,8]"),
                8,
                Kind.INVALID_SPEC,
                "x.safetensors holds tensor w as " + dtype
                        + "; only F32, F16 and BF16 can be read: save the model again in" + " one of them.");
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void refusesADamagedFileInOneSentence(String header, int data, Kind kind, String sentence) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        refuses(framed(json.length, json, data), kind, sentence);
    }

    @Test
    void takesATensorWithoutValues() throws IOException {
        byte[] json = tensor("F32", "[0,4611686018427387904,4]", "[0,0]").getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(directory.resolve("x.safetensors"), framed(json.length, json, 0));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.read("w").values()).isEmpty();
        }
    }

    @Test
    void refusesADirectoryInAFilesPlace() throws IOException {
        Path file = Files.createDirectory(directory.resolve("x.safetensors"));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .hasMessage("x.safetensors is not a file; a safetensors file is needed in its place.");
    }

    /** Values on both sides of a chunk's end, and how many of them are no numbers. */
    @ParameterizedTest
    @EnumSource(NumberFormat.class)
    void countsWhatIsNotFinite(NumberFormat format) {
        float[] values = new float[20_001];
        values[0] = Float.NaN;
        values[8191] = Float.POSITIVE_INFINITY;
        values[8192] = Float.NEGATIVE_INFINITY;
        values[8193] = 60_000;
        values[20_000] = Float.NaN;
        Path file = directory.resolve("x.safetensors");
        SafetensorsWriter.write(file, List.of(new Weight("w", List.of(20_001L), values)), format, Map.of());

        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            StoredTensor stored = read.find("w").orElseThrow();
            assertThatThrownBy(stored::requireFinite)
                    .hasMessage(
                            "x.safetensors is damaged: 4 of the 20,001 values of tensor w are NaN or infinite; get the"
                                    + " file again.");
            assertThat(stored.values().values()[8193]).isCloseTo(60_000, offset(200f));
        }
    }

    @Test
    void writesTheSameBytesWhateverTheOrderOfTheMetadata() throws IOException {
        Path first = directory.resolve("1.safetensors");
        Path second = directory.resolve("2.safetensors");
        SafetensorsWriter.write(first, List.of(), NumberFormat.F32, inOrder("a", "b"));
        SafetensorsWriter.write(second, List.of(), NumberFormat.F32, inOrder("b", "a"));
        assertThat(second).hasSameBinaryContentAs(first);
    }

    private static Map<String, String> inOrder(String... keys) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (String key : keys) {
            metadata.put(key, "1");
        }
        return metadata;
    }

    @Test
    void refusesAHeaderThatIsLongerThanTheFile() throws IOException {
        String sentence = "x.safetensors is damaged or cut short: it has no whole safetensors header.";
        refuses(framed(1_000, new byte[10], 0), Kind.STORAGE, sentence);
        refuses(framed(Long.MAX_VALUE, new byte[10], 0), Kind.STORAGE, sentence);
        refuses(framed(10_000_000_000L, new byte[10], 0), Kind.STORAGE, sentence);
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
