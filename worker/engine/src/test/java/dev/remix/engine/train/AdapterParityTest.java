package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec.Lora;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.text.Batch;
import dev.remix.engine.weights.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of adapter, both granularities, shared and own routers, against PEFT and against the Python module that a saved
 * adapter carries, in float32 on models of every family; factors in float32, float16 and bfloat16.
 */
class AdapterParityTest {
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @MethodSource("dev.remix.engine.train.AdapterGolden#all")
    void logitsAreTheSame(AdapterGolden golden) {
        try (Replica replica = replica(golden)) {
            AdaptedModel model = new AdaptedModel(replica);
            List<int[]> sequences = golden.sequences();
            for (int i = 0; i < sequences.size(); i++) {
                float[] found = model.logits(sequences.get(i));
                requireClose("sequence " + i, found, golden.logits(i));
                assertThat(model.best(found)).isEqualTo(model.best(golden.logits(i)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.train.AdapterGolden#all")
    void greedyAnswersAreTheSame(AdapterGolden golden) {
        try (Replica replica = replica(golden)) {
            List<int[]> answers = golden.answers();
            assertThat(new AdaptedModel(replica).answers(golden.prompts(), answers.getFirst().length))
                    .containsExactlyElementsOf(answers);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.train.AdapterGolden#all")
    void theLossOfWhatFollowsAPromptIsTheSame(AdapterGolden golden) {
        try (Replica replica = replica(golden)) {
            Batch batch = new Batch(golden.lessons());
            assertThat(replica.evaluate(batch).loss() / batch.weight())
                    .isCloseTo(golden.loss(), within(1e-5 * golden.loss()));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.train.AdapterGolden#ofPeft")
    void gradientsArePefts(AdapterGolden golden) {
        try (Replica replica = replica(golden);
                NDManager scope = replica.compute().scope()) {
            Batch batch = new Batch(golden.lessons());
            List<String> names = parameters(replica);
            NDList found = replica.gradient(batch, 1, batch.weight(), scope).gradients();
            assertThat(found).hasSameSizeAs(names);
            for (int i = 0; i < names.size(); i++) {
                requireClose(names.get(i), found.get(i).toFloatArray(), golden.gradient(names.get(i)));
            }
        }
    }

    private static Replica replica(AdapterGolden golden) {
        Compute compute = Compute.cpu();
        Decoder decoder = Decoder.load(compute, golden.model(), NumberFormat.F32);
        Adapter adapter = Adapter.load(compute, decoder, golden.directory());
        return new Replica(compute, decoder, adapter, TinyModel.spec(golden.model(), adapter.spec()));
    }

    /** Within the tolerance of the greatest value, or of 1 where that is less. */
    private static void requireClose(String name, float[] found, float[] expected) {
        assertThat(found).as(name).hasSameSizeAs(expected);
        double greatest = IntStream.range(0, expected.length)
                .mapToDouble(k -> Math.abs(expected[k]))
                .max()
                .orElseThrow();
        assertThat(greatest).as(name).isPositive();
        for (int k = 0; k < expected.length; k++) {
            assertThat((double) found[k]).as(name).isCloseTo(expected[k], within(TOLERANCE * Math.max(1, greatest)));
        }
    }

    private static List<String> parameters(Replica replica) {
        Lora lora = (Lora) replica.adapter().spec();
        List<String> names = new ArrayList<>();
        for (int layer = 0; layer < replica.decoder().config().layers(); layer++) {
            for (Target target : lora.factors().targets()) {
                String projection = "base_model.model.model.layers.%d.%s.%s."
                        .formatted(
                                layer,
                                target.ofAttention() ? "self_attn" : "mlp",
                                target.name().toLowerCase(Locale.ROOT));
                names.add(projection + "lora_A.weight");
                names.add(projection + "lora_B.weight");
                if (lora.magnitude()) {
                    names.add(projection + "lora_magnitude_vector");
                }
            }
        }
        return names;
    }
}
