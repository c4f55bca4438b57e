package dev.remix.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.device.Compute;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A model directory in which one thing is wrong: the one sentence says which. */
class DamagedModelTest {
    private static final String CONFIG = """
            {"model_type": "llama", "vocab_size": 11, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2,
             "num_attention_heads": 2, "max_position_embeddings": 64, "tie_word_embeddings": true}
            """;

    @TempDir
    private Path parent;

    private Path model = Path.of("unset");
    private final Compute compute = Compute.cpu();

    @BeforeEach
    void writeASoundModel() throws IOException {
        model = Files.createDirectory(parent.resolve("tiny"));
        Files.writeString(model.resolve("config.json"), CONFIG);
        try (Decoder decoder = Decoder.initialise(compute, DecoderConfig.read(model), 1)) {
            decoder.save(model);
        }
    }

    @AfterEach
    void free() {
        compute.close();
    }

    @Test
    void isSoundToBeginWith() {
        load();
    }

    @Test
    void mayHoldWhatChangesNothing() throws IOException {
        change(weights -> with(
                with(weights, new Weight("model.layers.0.self_attn.rotary_emb.inv_freq", List.of(2L), new float[2])),
                new Weight("lm_head.weight", List.of(11L, 8L), new float[88])));
        load();
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                Arguments.of(
                        "a missing tensor",
                        weights(weights -> without(weights, "model.layers.1.mlp.up_proj.weight")),
                        Kind.STORAGE,
                        "The model's weights lack the tensor model.layers.1.mlp.up_proj.weight (1 of the 20 that config.json"
                                + " asks for are missing); get the whole model."),
                Arguments.of(
                        "a tensor of another shape",
                        weights(weights -> with(
                                without(weights, "model.norm.weight"),
                                new Weight("model.norm.weight", List.of(9L), new float[9]))),
                        Kind.STORAGE,
                        "model.safetensors: tensor model.norm.weight has the shape [9] where config.json asks for [8]; the two"
                                + " are not of one model."),
                Arguments.of(
                        "a bias that would be left out",
                        weights(weights -> with(
                                weights,
                                new Weight("model.layers.0.self_attn.q_proj.bias", List.of(8L), new float[8]))),
                        Kind.INVALID_SPEC,
                        "model.safetensors holds tensor model.layers.0.self_attn.q_proj.bias, which a model of this"
                                + " config.json does not have; it can't be trained without it."),
                Arguments.of(
                        "NaN in a matrix",
                        weights(weights -> with(
                                without(weights, "model.layers.0.self_attn.k_proj.weight"),
                                broken("model.layers.0.self_attn.k_proj.weight", List.of(8L, 8L), 64))),
                        Kind.STORAGE,
                        "model.safetensors is damaged: 2 of the 64 values of tensor model.layers.0.self_attn.k_proj.weight are"
                                + " NaN or infinite; get the file again."),
                Arguments.of(
                        "NaN in a gain",
                        weights(weights -> with(
                                without(weights, "model.norm.weight"), broken("model.norm.weight", List.of(8L), 8))),
                        Kind.STORAGE,
                        "model.safetensors is damaged: 2 of the 8 values of tensor model.norm.weight are NaN or infinite; get"
                                + " the file again."),
                Arguments.of(
                        "an empty file",
                        (Damage) test -> Files.write(test.model.resolve("model.safetensors"), new byte[0]),
                        Kind.STORAGE,
                        "model.safetensors is damaged or cut short: it has no whole safetensors header."),
                Arguments.of(
                        "a pickle only",
                        (Damage) test -> Files.move(
                                test.model.resolve("model.safetensors"), test.model.resolve("pytorch_model.bin")),
                        Kind.MODEL_NOT_FOUND,
                        "tiny has its weights as pytorch_model.bin only; just safetensors are read, never pickles: save the"
                                + " model again as safetensors."),
                Arguments.of(
                        "code of its own",
                        (Damage) test -> Files.writeString(
                                test.model.resolve("config.json"),
                                CONFIG.replaceFirst(
                                        "\\{", "{\"auto_map\": {\"AutoModelForCausalLM\": \"own.Model\"}, ")),
                        Kind.INVALID_SPEC,
                        "config.json: auto_map asks for the model's own code, which is never run."),
                Arguments.of(
                        "a config.json that is not there",
                        (Damage) test -> Files.delete(test.model.resolve("config.json")),
                        Kind.MODEL_NOT_FOUND,
                        "tiny has no config.json."),
                Arguments.of(
                        "a directory in config.json's place",
                        (Damage) test -> {
                            Files.delete(test.model.resolve("config.json"));
                            Files.createDirectory(test.model.resolve("config.json"));
                        },
                        Kind.STORAGE,
                        "config.json in tiny is not a file; put the file itself there."),
                Arguments.of(
                        "a config.json that links out of the directory",
                        (Damage) test -> {
                            Path outside = test.parent.resolve("elsewhere.json");
                            Files.move(test.model.resolve("config.json"), outside);
                            Files.createSymbolicLink(test.model.resolve("config.json"), outside);
                        },
                        Kind.STORAGE,
                        "config.json in tiny is a link that leads out of the directory; put the file itself there."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void isRefusedInOneSentence(String what, Damage damage, Kind kind, String sentence) throws IOException {
        damage.to(this);
        assertThatThrownBy(this::load)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessage(sentence);
    }

    /** Something that happens to the directory. */
    @FunctionalInterface
    interface Damage {
        void to(DamagedModelTest test) throws IOException;
    }

    private static Damage weights(UnaryOperator<List<Weight>> change) {
        return test -> test.change(change);
    }

    private void load() {
        Decoder.load(compute, model, NumberFormat.BF16).close();
    }

    private void change(UnaryOperator<List<Weight>> change) throws IOException {
        Path file = model.resolve("model.safetensors");
        List<Weight> weights;
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            weights = stored.readAll();
        }
        SafetensorsWriter.write(file, change.apply(weights), NumberFormat.F16, Map.of());
    }

    private static List<Weight> with(List<Weight> weights, Weight another) {
        List<Weight> more = new ArrayList<>(weights);
        more.add(another);
        return more;
    }

    private static List<Weight> without(List<Weight> weights, String name) {
        return weights.stream().filter(weight -> !weight.name().equals(name)).toList();
    }

    private static Weight broken(String name, List<Long> shape, int size) {
        float[] values = new float[size];
        values[1] = Float.NaN;
        values[size - 1] = Float.NEGATIVE_INFINITY;
        return new Weight(name, shape, values);
    }
}
