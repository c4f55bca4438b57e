package dev.remix.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import dev.remix.engine.EngineException;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdapterTest {
    private static final DecoderConfig CONFIG = new DecoderConfig(32, 8, 12, 2, 2, 1, 4, 64, 1e-5, 10_000, true);
    private static final Set<Target> ALL = EnumSet.allOf(Target.class);
    private static final Set<Target> FEED_FORWARD = EnumSet.of(Target.GATE_PROJ, Target.UP_PROJ, Target.DOWN_PROJ);

    private static final AdapterSpec LORA =
            new AdapterSpec.Lora(new Factors(3, 16, Scaling.LORA, Set.of(Target.UP_PROJ, Target.GATE_PROJ)));
    private static final AdapterSpec DORA = new AdapterSpec.Lora(new Factors(2, 2.5, Scaling.RSLORA, ALL, 0.1), true);
    private static final AdapterSpec REMIX = new AdapterSpec.Remix(
            new Factors(3, 2, Scaling.RSLORA, FEED_FORWARD),
            new Pool(4, Routing.TOKEN, Routers.BLOCK, 0.5),
            2,
            new Reinforce(3, AdapterGradient.SINGLE, true, 0.1, 0.2));
    private static final AdapterSpec MIX_LORA = new AdapterSpec.MixLora(
            new Factors(2, 4, Scaling.LORA, ALL), new Pool(4, Routing.SEQUENCE, Routers.PROJECTION, 1), 2, 0.01);
    private static final AdapterSpec HYDRA_LORA = new AdapterSpec.HydraLora(
            new Factors(2, 4, Scaling.LORA, ALL), new Pool(5, Routing.TOKEN, Routers.BLOCK, 1));
    private static final AdapterSpec SOFT_MIX = new AdapterSpec.SoftMix(
            new Factors(2, 4, Scaling.LORA, Set.of(Target.O_PROJ)), new Pool(3, Routing.SEQUENCE, Routers.BLOCK, 1));

    @TempDir
    private Path directory;

    private final Compute compute = Compute.cpu();
    private final Decoder decoder = Decoder.initialise(compute, CONFIG, 1);

    @AfterEach
    void free() {
        decoder.close();
        compute.close();
    }

    static Stream<AdapterSpec> kinds() {
        return Stream.of(LORA, DORA, REMIX, MIX_LORA, HYDRA_LORA, SOFT_MIX);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void loadsWhatItSaved(AdapterSpec spec) {
        try (Adapter adapter = Adapter.initialise(compute, decoder, spec, 1)) {
            adapter.save(directory, "tiny");
            try (Adapter loaded = Adapter.load(compute, decoder, directory)) {
                assertThat(loaded.spec()).isEqualTo(spec);
                assertThat(values(loaded)).isDeepEqualTo(values(adapter));
            }
        }
    }

    private static float[][] values(Adapter adapter) {
        return Stream.concat(adapter.factors().stream(), adapter.routers().stream())
                .map(NDArray::toFloatArray)
                .toArray(float[][]::new);
    }

    @Test
    void namesAndShapesALoraAsPeftDoes() {
        save(LORA);
        assertThat(shapes())
                .hasSize(8)
                .containsEntry("base_model.model.model.layers.0.mlp.gate_proj.lora_A.weight", List.of(3L, 8L))
                .containsEntry("base_model.model.model.layers.1.mlp.up_proj.lora_B.weight", List.of(12L, 3L));
        JsonNode json = config();
        assertThat(json.path("peft_type").asString()).isEqualTo("LORA");
        assertThat(json.path("r").intValue()).isEqualTo(3);
        assertThat(json.path("lora_alpha").isInt()).isTrue();
        assertThat(json.path("lora_alpha").intValue()).isEqualTo(16);
        assertThat(json.path("target_modules").values())
                .extracting(JsonNode::stringValue)
                .containsExactly("gate_proj", "up_proj");
    }

    @Test
    void namesAndShapesMagnitudesAsPeftDoes() {
        save(DORA);
        assertThat(shapes())
                .containsEntry("base_model.model.model.layers.1.self_attn.k_proj.lora_magnitude_vector", List.of(4L));
        assertThat(config().path("use_dora").booleanValue()).isTrue();
        assertThat(config().path("lora_alpha").doubleValue()).isEqualTo(2.5);
    }

    @Test
    void stacksAMixturesFactorsAndNamesItsRouters() {
        save(REMIX);
        String mlp = "base_model.model.model.layers.1.mlp.";
        assertThat(shapes())
                .hasSize(14)
                .containsEntry(mlp + "down_proj.lora_A.weight", List.of(12L, 12L))
                .containsEntry(mlp + "down_proj.lora_B.weight", List.of(8L, 12L))
                .containsEntry(mlp + "router.weight", List.of(4L, 8L));
    }

    @Test
    void namesARouterOfAProjectionBehindIt() {
        save(MIX_LORA);
        String layer = "base_model.model.model.layers.0.";
        assertThat(shapes())
                .hasSize(2 * 7 * 3)
                .containsEntry(layer + "mlp.down_proj.router.weight", List.of(4L, 12L))
                .containsEntry(layer + "self_attn.q_proj.router.weight", List.of(4L, 8L));
    }

    @Test
    void hasOneAForAllHeadsOfAHydraLora() {
        save(HYDRA_LORA);
        String projection = "base_model.model.model.layers.0.self_attn.v_proj.";
        assertThat(shapes())
                .containsEntry(projection + "lora_A.weight", List.of(2L, 8L))
                .containsEntry(projection + "lora_B.weight", List.of(4L, 10L));
    }

    private Map<String, List<Long>> shapes() {
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("adapter_model.safetensors"))) {
            return file.readAll().stream().collect(Collectors.toMap(Weight::name, Weight::shape));
        }
    }

    private JsonNode config() {
        return JsonMapper.shared().readTree(directory.resolve("adapter_config.json"));
    }

    @Test
    void carriesTheModuleThatRunsItInPython() throws IOException {
        save(REMIX);
        assertThat(directory.resolve("remix_adapter.py"))
                .hasSameTextualContentAs(Path.of("src/main/python/remix_adapter.py"));
        assertThat(Files.readAllLines(directory.resolve("SHA256SUMS")))
                .extracting(line -> line.substring(66))
                .containsExactly("adapter_config.json", "adapter_model.safetensors", "remix_adapter.py");
    }

    @Test
    void startsFromTheBaseModelsAnswers() {
        try (Adapter adapter = Adapter.initialise(compute, decoder, REMIX, 1)) {
            for (int i = 0; i < adapter.factors().size(); i += 2) {
                assertThat(adapter.factors().get(i).toFloatArray()).doesNotContain(0);
                assertThat(adapter.factors().get(i + 1).toFloatArray()).containsOnly(0);
            }
        }
    }

    @Test
    void refusesFilesThatDifferFromTheirManifest() throws IOException {
        save(REMIX);
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors", "remix_adapter.py")) {
            Path file = directory.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            byte[] bytes = whole.clone();
            bytes[bytes.length - 1] ^= 1;
            Files.write(file, bytes);
            refuses("The adapter is damaged: " + name + " differs from its line in SHA256SUMS; get the adapter again.");
            Files.write(file, whole);
        }
    }

    @Test
    void refusesAModelOfAnotherSize() {
        save(LORA);
        DecoderConfig wider = new DecoderConfig(32, 16, 12, 2, 2, 1, 4, 64, 1e-5, 10_000, true);
        try (Decoder other = Decoder.initialise(compute, wider, 1)) {
            assertThatThrownBy(() -> Adapter.load(compute, other, directory))
                    .hasMessage(
                            "The adapter's base_model.model.model.layers.0.mlp.gate_proj.lora_A.weight has the shape"
                                    + " [3, 8]; this model and its configuration need [3, 16].");
        }
    }

    @Test
    void refusesTensorsThatLackOrThatNobodyWouldRead() throws IOException {
        save(LORA);
        Files.delete(directory.resolve("SHA256SUMS"));
        Path file = directory.resolve("adapter_model.safetensors");
        List<Weight> whole = weights(file);
        write(file, whole.subList(1, whole.size()));
        refuses("adapter_model.safetensors has no tensor base_model.model.model.layers.0.mlp.gate_proj.lora_A.weight,"
                + " which this model and adapter_config.json need; the adapter is another model's, or cut short.");

        List<Weight> more = new ArrayList<>(whole);
        more.add(new Weight("base_model.model.lm_head.weight", List.of(1L), new float[] {1}));
        write(file, more);
        refuses("adapter_model.safetensors holds base_model.model.lm_head.weight, which no adapter of this model and"
                + " adapter_config.json has; only LoRAs of the projections are supported.");
    }

    @Test
    void refusesNumbersThatAreNone() throws IOException {
        save(LORA);
        Files.delete(directory.resolve("SHA256SUMS"));
        Path file = directory.resolve("adapter_model.safetensors");
        List<Weight> weights = weights(file);
        weights.getFirst().values()[3] = Float.NaN;
        write(file, weights);
        refuses(
                "adapter_model.safetensors is damaged: 1 of the 24 values of tensor"
                        + " base_model.model.model.layers.0.mlp.gate_proj.lora_A.weight are NaN or infinite; get the file again.");
    }

    private static List<Weight> weights(Path file) {
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            return stored.readAll();
        }
    }

    private static void write(Path file, List<Weight> weights) {
        SafetensorsWriter.write(file, weights, NumberFormat.F32, Map.of());
    }

    private void refuses(String message) {
        assertThatThrownBy(() -> Adapter.load(compute, decoder, directory))
                .isInstanceOf(EngineException.class)
                .hasMessage(message);
    }

    private void save(AdapterSpec spec) {
        try (Adapter adapter = Adapter.initialise(compute, decoder, spec, 1)) {
            adapter.save(directory, "tiny");
        }
    }
}
