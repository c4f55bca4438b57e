package dev.remix.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import dev.remix.engine.EngineException;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
    private static final AdapterSpec REMIX =
            new AdapterSpec.Remix(4, 2, 3, 2, 2, Scaling.RSLORA, Routing.TOKEN, EnumSet.allOf(Target.class), 0.5);
    private static final AdapterSpec LORA =
            new AdapterSpec.Lora(3, 16, Scaling.LORA, Set.of(Target.UP_PROJ, Target.GATE_PROJ));

    @TempDir
    private Path directory;

    private final Compute compute = Compute.cpu();

    @AfterEach
    void free() {
        compute.close();
    }

    static Stream<AdapterSpec> kinds() {
        return Stream.of(REMIX, LORA);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void loadsWhatItSaved(AdapterSpec spec) {
        try (Adapter adapter = Adapter.initialise(compute, CONFIG, spec, 1)) {
            adapter.save(directory, "tiny");
            try (Adapter loaded = Adapter.load(compute, CONFIG, directory)) {
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
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("adapter_model.safetensors"))) {
            assertThat(file.names())
                    .hasSize(8)
                    .startsWith(
                            "base_model.model.model.layers.0.mlp.gate_proj.lora_A.weight",
                            "base_model.model.model.layers.0.mlp.gate_proj.lora_B.weight",
                            "base_model.model.model.layers.0.mlp.up_proj.lora_A.weight");
            assertThat(file.read("base_model.model.model.layers.1.mlp.up_proj.lora_A.weight")
                            .shape())
                    .isEqualTo(List.of(3L, 8L));
            assertThat(file.read("base_model.model.model.layers.1.mlp.up_proj.lora_B.weight")
                            .shape())
                    .isEqualTo(List.of(12L, 3L));
        }
        JsonNode json = JsonMapper.shared().readTree(directory.resolve("adapter_config.json"));
        assertThat(json.path("peft_type").asString()).isEqualTo("LORA");
        assertThat(json.path("r").asInt()).isEqualTo(3);
        assertThat(json.path("lora_alpha").asDouble()).isEqualTo(16);
        assertThat(json.path("target_modules").size()).isEqualTo(2);
    }

    @Test
    void stacksAMixturesFactorsAndNamesItsRouters() {
        save(REMIX);
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("adapter_model.safetensors"))) {
            String mlp = "base_model.model.model.layers.1.mlp.";
            assertThat(file.read(mlp + "down_proj.lora_A.weight").shape()).isEqualTo(List.of(12L, 12L));
            assertThat(file.read(mlp + "down_proj.lora_B.weight").shape()).isEqualTo(List.of(8L, 12L));
            assertThat(file.read(mlp + "router.weight").shape()).isEqualTo(List.of(4L, 8L));
        }
    }

    @Test
    void startsFromTheBaseModelsAnswers() {
        try (Adapter adapter = Adapter.initialise(compute, CONFIG, REMIX, 1)) {
            for (int i = 0; i < adapter.factors().size(); i += 2) {
                assertThat(adapter.factors().get(i).toFloatArray()).doesNotContain(0);
                assertThat(adapter.factors().get(i + 1).toFloatArray()).containsOnly(0);
            }
        }
    }

    @Test
    void refusesFilesThatDifferFromTheirManifest() throws IOException {
        save(REMIX);
        byte[] bytes = Files.readAllBytes(directory.resolve("adapter_model.safetensors"));
        bytes[bytes.length - 1] ^= 1;
        Files.write(directory.resolve("adapter_model.safetensors"), bytes);

        assertThatThrownBy(() -> Adapter.load(compute, CONFIG, directory))
                .isInstanceOf(EngineException.class)
                .hasMessage("The adapter is damaged: adapter_model.safetensors differs from its line in SHA256SUMS;"
                        + " get the adapter again.");
    }

    @Test
    void refusesAModelOfAnotherSize() {
        save(LORA);
        DecoderConfig wider = new DecoderConfig(32, 16, 12, 2, 2, 1, 4, 64, 1e-5, 10_000, true);

        assertThatThrownBy(() -> Adapter.load(compute, wider, directory))
                .hasMessage("The adapter's base_model.model.model.layers.0.mlp.gate_proj.lora_A.weight has the shape"
                        + " [3, 8]; this model and its configuration need [3, 16].");
    }

    private void save(AdapterSpec spec) {
        try (Adapter adapter = Adapter.initialise(compute, CONFIG, spec, 1)) {
            adapter.save(directory, "tiny");
        }
    }

    @Test
    void refusesSpecificationsThatMeanNothing() {
        Set<Target> all = EnumSet.allOf(Target.class);
        assertThatThrownBy(() -> new AdapterSpec.Remix(4, 5, 1, 2, 2, Scaling.LORA, Routing.TOKEN, all, 1))
                .hasMessage("adapter: active is 5, not between 1 and loras 4.");
        assertThatThrownBy(() -> new AdapterSpec.Remix(4, 2, 1, 1, 2, Scaling.LORA, Routing.TOKEN, all, 1))
                .hasMessage("adapter: draws is 1; leave-one-out needs at least 2.");
        assertThatThrownBy(() -> new AdapterSpec.Lora(0, 2, Scaling.LORA, all))
                .hasMessage("adapter: rank is 0, not at least 1.");
        assertThatThrownBy(() -> new AdapterSpec.Lora(1, 2, Scaling.LORA, Set.of()))
                .hasMessage("adapter: targets is empty.");
    }
}
