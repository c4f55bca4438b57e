package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.script.Script;
import dev.remix.engine.text.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A selection computes what the decoder computes with W + omega sum B_i A_i in place of W: the definition, by another way. */
class MergedWeightsTest {
    private static final int LORAS = 4;
    private static final int RANK = 3;
    private static final double ALPHA = 5;
    private static final List<List<Integer>> SELECTED = List.of(List.of(0, 2), List.of(3, 1));

    private final Compute compute = Compute.cpu();
    private final NDManager scope = compute.scope();
    private final Decoder decoder = TinyModel.float64(compute);
    private final Batch batch = new Batch(TinyModel.examples(4, 3));
    private final SplittableRandom random = new SplittableRandom(9);

    @AfterEach
    void free() {
        decoder.close();
        scope.close();
        compute.close();
    }

    @ParameterizedTest
    @CsvSource({"SEQUENCE, RSLORA", "SEQUENCE, LORA", "TOKEN, RSLORA", "TOKEN, LORA"})
    void aMixtureAddsItsSelectedLoras(Routing routing, Scaling scaling) {
        double omega = scaling == Scaling.LORA ? ALPHA / (2 * RANK) : ALPHA / Math.sqrt(2 * RANK);
        for (Set<Target> targets : targetSets()) {
            AdapterSpec spec = new AdapterSpec.Remix(LORAS, 2, RANK, 2, ALPHA, scaling, routing, targets, 1);
            try (Adapter adapter = random(spec)) {
                assertSameLosses(forced(adapter, routing), merged(adapter, targets, SELECTED, omega));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"RSLORA", "LORA"})
    void aPlainLoraAddsItself(Scaling scaling) {
        double omega = scaling == Scaling.LORA ? ALPHA / RANK : ALPHA / Math.sqrt(RANK);
        for (Set<Target> targets : targetSets()) {
            try (Adapter adapter = random(new AdapterSpec.Lora(RANK, ALPHA, scaling, targets));
                    Script script = Script.load(compute, "adapter")) {
                double[] losses = adapter.bind(
                                decoder.bind(BatchArrays.of(batch, scope).bind(script.call("plain_evaluate"))))
                        .infer(scope)
                        .singletonOrThrow()
                        .toDoubleArray();
                assertSameLosses(losses, merged(adapter, targets, List.of(List.of(0), List.of(0)), omega));
            }
        }
    }

    private void assertSameLosses(double[] losses, double[] merged) {
        double[] base = losses(decoder);
        assertThat(losses).containsExactly(merged, within(1e-9));
        for (int b = 0; b < base.length; b++) {
            assertThat(Math.abs(losses[b] - base[b])).as("the LoRAs matter").isGreaterThan(1e-3);
        }
    }

    private static List<Set<Target>> targetSets() {
        return List.of(
                EnumSet.allOf(Target.class),
                EnumSet.of(Target.GATE_PROJ),
                EnumSet.of(Target.UP_PROJ, Target.DOWN_PROJ),
                EnumSet.of(Target.DOWN_PROJ));
    }

    /** Summed losses of the examples with the selection that large noise forces. */
    private double[] forced(Adapter adapter, Routing routing) {
        double[] noise = new double[2 * LORAS];
        for (int site = 0; site < 2; site++) {
            for (int lora : SELECTED.get(site)) {
                noise[site * LORAS + lora] = 1e6;
            }
        }
        Shape shape = routing == Routing.SEQUENCE ? new Shape(1, 2, 1, LORAS) : new Shape(1, 2, 1, 1, LORAS);
        long[] prompts = Arrays.stream(batch.promptLengths()).asLongStream().toArray();
        try (Script script = Script.load(compute, "enumeration")) {
            return adapter.bind(decoder.bind(BatchArrays.of(batch, scope).bind(script.call("forced"))))
                    .with("prompts", scope.create(prompts))
                    .with("noise", scope.create(noise, shape))
                    .infer(scope)
                    .head()
                    .toDoubleArray();
        }
    }

    /** The same losses of a decoder without any adapter, whose weights hold the LoRAs. */
    private double[] merged(Adapter adapter, Set<Target> targets, List<List<Integer>> loras, double omega) {
        NDManager owner = compute.scope();
        List<NDArray> matrices = new ArrayList<>(TinyModel.widened(decoder.matrices(), owner, 1));
        int factor = 0;
        for (int layer = 0; layer < 2; layer++) {
            for (Target target : EnumSet.copyOf(targets)) {
                NDArray a = adapter.factors().get(factor++);
                NDArray b = adapter.factors().get(factor++);
                int matrix = 7 * layer + placeInLayer(target);
                for (int lora : loras.get(layer)) {
                    matrices.set(
                            matrix, matrices.get(matrix).add(product(a, b, lora).mul(omega)));
                }
            }
        }
        try (Decoder whole =
                new Decoder(TinyModel.CONFIG, owner, matrices, TinyModel.widened(decoder.norms(), owner, 1))) {
            return losses(whole);
        }
    }

    private double[] losses(Decoder plain) {
        try (Script script = Script.load(compute, "full")) {
            return plain.bind(BatchArrays.of(batch, scope).bind(script.call("evaluate")))
                    .infer(scope)
                    .singletonOrThrow()
                    .toDoubleArray();
        }
    }

    /** After the embedding and the four matrices of the attention. */
    private static int placeInLayer(Target target) {
        return switch (target) {
            case GATE_PROJ -> 5;
            case UP_PROJ -> 6;
            case DOWN_PROJ -> 7;
        };
    }

    /** B_i A_i: a LoRA's ranks lie together. */
    private static NDArray product(NDArray a, NDArray b, int lora) {
        int from = lora * RANK;
        NDArray rows = a.get(new NDIndex("{}:{}", from, from + RANK));
        NDArray columns = b.get(new NDIndex(":, {}:{}", from, from + RANK));
        return columns.matMul(rows);
    }

    private Adapter random(AdapterSpec spec) {
        try (Adapter shapes = Adapter.initialise(compute, TinyModel.CONFIG, spec, 2)) {
            NDManager owner = compute.scope();
            return new Adapter(
                    spec, TinyModel.CONFIG, owner, like(shapes.factors(), owner), like(shapes.routers(), owner));
        }
    }

    private List<NDArray> like(List<NDArray> arrays, NDManager owner) {
        return arrays.stream()
                .map(array -> owner.create(
                        random.doubles(array.size()).map(u -> 0.6 * u - 0.3).toArray(), array.getShape()))
                .toList();
    }
}
