package dev.remix.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WeightFilesTest {
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";
    private static final Map<String, List<Long>> MODEL = Map.of("a", List.of(2L, 3L), "b", List.of(2L));

    @TempDir
    private Path parent;

    private Path model = Path.of("unset");

    @BeforeEach
    void directory() throws IOException {
        model = Files.createDirectory(parent.resolve("tiny"));
    }

    @Test
    void findsTensorsInWhicheverShardTheyAre() throws IOException {
        shards();
        try (WeightFiles weights = WeightFiles.open(model)) {
            weights.require(MODEL, tensor -> false);
            assertThat(weights.shape("a")).hasValue(List.of(2L, 3L));
            assertThat(weights.shape("c")).isEmpty();
            assertThat(weights.find("b").orElseThrow().values()).containsExactly(6, 6);
        }
    }

    /** What somebody did to a directory with two sound shards, and the sentence that refuses it. */
    static Stream<Arguments> directories() {
        return Stream.of(
                refused(
                        "a missing shard",
                        directory -> Files.delete(directory.resolve(SECOND)),
                        Kind.STORAGE,
                        "model.safetensors.index.json names model-00002-of-00002.safetensors, which is not in tiny (1 of 2"
                                + " files are missing); get the whole model."),
                refused(
                        "an empty shard",
                        directory -> Files.write(directory.resolve(SECOND), new byte[0]),
                        Kind.STORAGE,
                        "model-00002-of-00002.safetensors is damaged or cut short: it has no whole safetensors header."),
                refused(
                        "a directory in a shard's place",
                        directory -> {
                            Files.delete(directory.resolve(SECOND));
                            Files.createDirectory(directory.resolve(SECOND));
                        },
                        Kind.STORAGE,
                        "model-00002-of-00002.safetensors in tiny is not a file; put the file itself there."),
                refused(
                        "a link that leads out",
                        directory -> {
                            Path outside = directory.resolveSibling("outside.safetensors");
                            Files.move(directory.resolve(SECOND), outside);
                            Files.createSymbolicLink(directory.resolve(SECOND), outside);
                        },
                        Kind.STORAGE,
                        "model-00002-of-00002.safetensors in tiny is a link that leads out of the directory; put the file"
                                + " itself there."),
                refused(
                        "a tensor in two shards",
                        directory -> write(directory.resolve(SECOND), weight("b", 2), weight("a", 2, 3)),
                        Kind.STORAGE,
                        "Tensor a is in model-00001-of-00002.safetensors and in model-00002-of-00002.safetensors; get the"
                                + " model again."),
                refused(
                        "a tensor that is not where the index says",
                        directory -> write(directory.resolve(SECOND), weight("c", 2)),
                        Kind.STORAGE,
                        "model.safetensors.index.json looks for tensor b in model-00002-of-00002.safetensors, which lacks"
                                + " it; get both files again."),
                index(
                        "{\"weight_map\":{\"a\":\"x.safetensors\",\"a\":\"y.safetensors\"}}",
                        "its JSON has a member twice in one object, or more follows after it (line 1, column 40)"),
                index("{\"weight_map\":", "it is not JSON (line 1, column 15)"),
                index("", "it holds no JSON object"),
                index("[]", "it holds no JSON object"),
                index("{}", "it has no weight_map"),
                index("{\"weight_map\":{}}", "it has no weight_map"),
                index("{\"weight_map\":[\"x.safetensors\"]}", "it has no weight_map"),
                index(
                        "{\"x\":" + "[".repeat(100_000) + "}",
                        "its JSON is nested too deeply, or has a text or a number of excessive length"),
                elsewhere("../secret.safetensors"),
                elsewhere("/etc/passwd"),
                elsewhere("pytorch_model.bin"),
                elsewhere(".."),
                elsewhere(""),
                elsewhere("a\\u0000b.safetensors", "a?b.safetensors"));
    }

    private static Arguments refused(String what, Damage damage, Kind kind, String sentence) {
        return Arguments.of(what, damage, kind, sentence);
    }

    private static Arguments index(String json, String problem) {
        return refused(
                "index " + json.substring(0, Math.min(json.length(), 40)),
                directory -> Files.writeString(directory.resolve(ShardIndex.NAME), json),
                Kind.STORAGE,
                "model.safetensors.index.json is damaged: " + problem + ".");
    }

    private static Arguments elsewhere(String name) {
        return elsewhere(name, name);
    }

    private static Arguments elsewhere(String name, String shown) {
        return index(
                "{\"weight_map\":{\"a\":\"" + name + "\"}}",
                "it names the file \"" + shown + "\", which is no safetensors file beside it");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("directories")
    void refusesADirectoryInOneSentence(String what, Damage damage, Kind kind, String sentence) throws IOException {
        shards();
        damage.to(model);
        assertThatThrownBy(() -> WeightFiles.open(model).close())
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessage(sentence);
    }

    /** Something that happens to a model directory. */
    @FunctionalInterface
    interface Damage {
        void to(Path directory) throws IOException;
    }

    @Test
    void saysThatPicklesAreNeverRead() throws IOException {
        Files.writeString(model.resolve("pytorch_model.bin"), "");
        refusesToOpen(
                Kind.MODEL_NOT_FOUND,
                "tiny has its weights as pytorch_model.bin only; just safetensors are read, never pickles: save the model"
                        + " again as safetensors.");
    }

    @Test
    void saysThatThereAreNoWeights() throws IOException {
        refusesToOpen(
                Kind.MODEL_NOT_FOUND,
                "tiny has no weights: neither model.safetensors nor model.safetensors.index.json.");
        Files.delete(model);
        refusesToOpen(Kind.MODEL_NOT_FOUND, "There is no directory tiny.");
    }

    private void refusesToOpen(Kind kind, String sentence) {
        assertThatThrownBy(() -> WeightFiles.open(model).close())
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessage(sentence);
    }

    @Test
    void namesATensorThatTheModelLacks() throws IOException {
        shards();
        Map<String, List<Long>> larger = new LinkedHashMap<>(MODEL);
        larger.put("layers.7", List.of(1L));
        requires(
                larger,
                Kind.STORAGE,
                "The model's weights lack the tensor layers.7 (1 of the 3 that config.json asks for are missing); get the"
                        + " whole model.");
    }

    @Test
    void namesATensorOfAnotherShape() throws IOException {
        shards();
        requires(
                Map.of("a", List.of(3L, 2L), "b", List.of(2L)),
                Kind.STORAGE,
                "model-00001-of-00002.safetensors: tensor a has the shape [2, 3] where config.json asks for [3, 2]; the two"
                        + " are not of one model.");
    }

    @Test
    void namesATensorThatWouldBeLeftOut() throws IOException {
        shards();
        requires(
                Map.of("a", List.of(2L, 3L)),
                Kind.INVALID_SPEC,
                "model-00002-of-00002.safetensors holds tensor b, which a model of this config.json does not have; it can't"
                        + " be trained without it.");
        try (WeightFiles weights = WeightFiles.open(model)) {
            weights.require(Map.of("a", List.of(2L, 3L)), "b"::equals);
        }
    }

    private void requires(Map<String, List<Long>> shapes, Kind kind, String sentence) {
        try (WeightFiles weights = WeightFiles.open(model)) {
            assertThatThrownBy(() -> weights.require(shapes, tensor -> false))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                    .hasMessage(sentence);
        }
    }

    @Test
    void refusesAWeightThatIsNoNumber() {
        float[] values = {1, Float.NaN, Float.POSITIVE_INFINITY, 2};
        write(model.resolve("model.safetensors"), new Weight("a", List.of(4L), values));
        try (WeightFiles weights = WeightFiles.open(model)) {
            assertThatThrownBy(() -> weights.find("a"))
                    .hasMessage(
                            "model.safetensors is damaged: 2 of the 4 values of tensor a are NaN or infinite; get the"
                                    + " file again.");
        }
    }

    private void shards() throws IOException {
        write(model.resolve(FIRST), weight("a", 2, 3));
        write(model.resolve(SECOND), weight("b", 2));
        Files.writeString(model.resolve(ShardIndex.NAME), """
                {"metadata": {"total_size": 32}, "weight_map": {"a": "%s", "b": "%s"}}
                """.formatted(FIRST, SECOND));
    }

    private static void write(Path file, Weight... weights) {
        SafetensorsWriter.write(file, List.of(weights), NumberFormat.F32, Map.of());
    }

    private static Weight weight(String name, long... shape) {
        List<Long> dimensions = Arrays.stream(shape).boxed().toList();
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        Arrays.fill(values, name.equals("b") ? 6 : 1);
        return new Weight(name, dimensions, values);
    }
}
