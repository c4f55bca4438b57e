package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.Adapter.Use;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.generate.Generator;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.GoldenModel.Generation;
import dev.remix.engine.train.RunSpec.Execution;
import dev.remix.engine.weights.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every family against transformers and PEFT in float32: odd head counts, heads wider than D/H, tied and untied heads, scaled
 * rotations, biases, norms of queries and keys, windows shorter than the sequence, soft caps, vocabularies that are no multiple of
 * 8; weights in float32, float16 and bfloat16, in one file and in several.
 */
class FamilyParityTest {
    private static final double LOGITS = 1e-4;
    private static final double GRADIENTS = 1e-4;
    private static final int NO_END = -1;

    @ParameterizedTest
    @MethodSource("dev.remix.engine.train.GoldenModel#all")
    void logitsAreTransformers(GoldenModel model) {
        try (Compute compute = Compute.cpu();
                Decoder decoder = Decoder.load(compute, model.directory(), NumberFormat.F32);
                Adapter none = Adapter.none(compute, decoder)) {
            List<Example> sequences = model.sequences();
            for (int i = 0; i < sequences.size(); i++) {
                float[] expected = model.logits(i);
                float[] found = logits(compute, decoder, none, sequences.get(i));
                assertThat(found).as("sequence %d", i).hasSameSizeAs(expected);
                for (int k = 0; k < expected.length; k++) {
                    assertThat((double) found[k]).as("logit %d of %d", k, i).isCloseTo(expected[k], within(LOGITS));
                }
                assertThat(best(found, decoder)).isEqualTo(best(expected, decoder));
            }
        }
    }

    private static float[] logits(Compute compute, Decoder decoder, Adapter adapter, Example example) {
        try (Script script = Script.load(compute, "sequences");
                NDManager scope = compute.scope()) {
            Batch batch = new Batch(List.of(example));
            ScriptCall call = decoder.bind(BatchArrays.bind(script.call("logits"), batch, scope));
            return adapter.bind(call, Use.INFERENCE, scope)
                    .with("noise", scope.zeros(new Shape(1, 1, 1, 1)))
                    .infer(scope)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    private static List<Integer> best(float[] logits, Decoder decoder) {
        int vocabulary = decoder.config().vocabulary();
        return IntStream.range(0, logits.length / vocabulary)
                .map(t -> IntStream.range(0, vocabulary)
                        .reduce(0, (a, b) -> logits[t * vocabulary + b] > logits[t * vocabulary + a] ? b : a))
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.train.GoldenModel#all")
    void greedyAnswersAreTransformers(GoldenModel model) {
        try (Compute compute = Compute.cpu();
                Decoder decoder = Decoder.load(compute, model.directory(), NumberFormat.F32);
                Adapter none = Adapter.none(compute, decoder);
                Generator greedy = Generator.of(compute, decoder, none)) {
            for (Generation generation : model.generations()) {
                int[] prompt =
                        generation.prompt().stream().mapToInt(Integer::intValue).toArray();
                int count = generation.answer().size();
                int[] answer = greedy.answer(List.of(prompt), count, NO_END).getFirst();
                assertThat(IntStream.of(answer).boxed().toList()).isEqualTo(generation.answer());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.train.GoldenModel#all")
    void lossAndGradientsOfLoraArePefts(GoldenModel model) {
        requirePeftsGradients(model, Execution.PLAIN);
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.train.GoldenModel#all")
    void recomputedLayersGiveTheSame(GoldenModel model) {
        requirePeftsGradients(model, new Execution(null, true, 1));
    }

    private static void requirePeftsGradients(GoldenModel model, Execution execution) {
        Batch batch = new Batch(model.lessons());
        try (Replica replica = replica(model, NumberFormat.F32, execution);
                NDManager scope = replica.compute().scope()) {
            Replica.Gradient gradient = replica.gradient(batch, 1, batch.weight(), scope);
            assertThat(gradient.figures().loss() / batch.weight()).isCloseTo(model.loss(), within(1e-5 * model.loss()));
            NDList found = gradient.gradients();
            List<String> names = parameters(replica.decoder().config().layers());
            assertThat(found).hasSameSizeAs(names);
            for (int i = 0; i < names.size(); i++) {
                requireClose(names.get(i), found.get(i), model.gradient(names.get(i)));
            }
        }
    }

    /** bfloat16 keeps eight bits of a number: no golden, but every family's arithmetic has to go through it. */
    @ParameterizedTest
    @MethodSource("dev.remix.engine.train.GoldenModel#all")
    void theLossInBfloat16IsNear(GoldenModel model) {
        Batch batch = new Batch(model.lessons());
        try (Replica replica = replica(model, NumberFormat.BF16, Execution.PLAIN);
                NDManager scope = replica.compute().scope()) {
            Replica.Gradient gradient = replica.gradient(batch, 1, batch.weight(), scope);
            assertThat(gradient.figures().loss() / batch.weight()).isCloseTo(model.loss(), within(0.02 * model.loss()));
            assertThat(gradient.gradients())
                    .allSatisfy(array -> assertThat(array.toFloatArray()).doesNotContain(Float.NaN));
        }
    }

    private static Replica replica(GoldenModel model, NumberFormat format, Execution execution) {
        Compute compute = Compute.cpu();
        Decoder decoder = Decoder.load(compute, model.directory(), format);
        Adapter adapter = Adapter.load(compute, decoder, model.adapter());
        return new Replica(compute, decoder, adapter, Float64Model.spec(adapter.spec(), execution));
    }

    private static void requireClose(String name, NDArray found, float[] expected) {
        float[] values = found.toFloatArray();
        double greatest = IntStream.range(0, expected.length)
                .mapToDouble(k -> Math.abs(expected[k]))
                .max()
                .orElseThrow();
        assertThat(greatest).as(name).isPositive();
        for (int k = 0; k < expected.length; k++) {
            assertThat((double) values[k]).as(name).isCloseTo(expected[k], within(GRADIENTS * Math.max(1, greatest)));
        }
    }

    private static List<String> parameters(int layers) {
        return IntStream.range(0, layers)
                .boxed()
                .flatMap(layer -> List.of(Target.values()).stream()
                        .map(target -> "base_model.model.model.layers.%d.%s.%s"
                                .formatted(
                                        layer,
                                        target.ofAttention() ? "self_attn" : "mlp",
                                        target.name().toLowerCase(Locale.ROOT))))
                .flatMap(projection -> List.of(projection + ".lora_A.weight", projection + ".lora_B.weight").stream())
                .toList();
    }
}
