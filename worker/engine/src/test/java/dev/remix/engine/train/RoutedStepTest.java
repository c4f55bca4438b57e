package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec.Remix;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.routing.GumbelNoise;
import dev.remix.engine.script.Script;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunSpec.Options;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a whole training step feeds its optimizer, against the gradient that other tests hold to the expected loss. */
class RoutedStepTest {
    private static final int SEED = 9;
    private static final int STEP = 5;
    private static final double BOUND = 0.02;

    /** AdamW's first mean is a tenth of the gradient it was given. */
    private static final float FIRST_MEAN = 0.1f;

    private final Batch batch = new Batch(TinyModel.examples(5, 11));

    @ParameterizedTest
    @EnumSource(Routing.class)
    void theOptimizerGetsTheEstimatorsGradientOfTheStepsOwnNoise(Routing routing) {
        Remix spec = TinyModel.mixture(routing);
        try (Compute compute = Compute.cpu();
                NDManager scope = compute.scope();
                Decoder reference = TinyModel.float32(compute);
                Adapter same = random(compute, spec);
                RemixTrainee trainee = new RemixTrainee(
                        compute, TinyModel.float32(compute), random(compute, spec), spec, options(), SEED)) {
            List<float[]> gradients = gradients(compute, scope, reference, same);
            List<float[]> ofFactors = gradients.subList(0, same.factors().size());
            List<float[]> ofRouters = gradients.subList(same.factors().size(), gradients.size());

            StepFigures figures = trainee.step(new StepInputs(batch, STEP, 1e-2));

            double norm = norm(ofFactors);
            assertThat(figures.gradientNorm()).isCloseTo(norm, within(1e-5 * norm));
            assertThat(norm).isGreaterThan(2 * BOUND);
            assertMeans(trainee, "factors", ofFactors, BOUND / norm);
            assertThat(figures.routerGradientNorm()).isCloseTo(norm(ofRouters), within(1e-5 * norm(ofRouters)));
            assertMeans(trainee, "routers", ofRouters, 1);
        }
    }

    private static void assertMeans(RemixTrainee trainee, String group, List<float[]> gradients, double scale) {
        for (int i = 0; i < gradients.size(); i++) {
            float[] expected = gradients.get(i).clone();
            for (int j = 0; j < expected.length; j++) {
                expected[j] *= (float) scale * FIRST_MEAN;
            }
            assertThat(trainee.state())
                    .hasEntrySatisfying(
                            group + "." + i + ".mean",
                            mean -> assertThat(mean.toFloatArray()).containsExactly(expected, within(1e-8f)));
        }
    }

    private List<float[]> gradients(Compute compute, NDManager scope, Decoder decoder, Adapter adapter) {
        Remix spec = (Remix) adapter.spec();
        Shape shape = spec.routing() == Routing.SEQUENCE
                ? new Shape(spec.draws(), 2, batch.size(), spec.loras())
                : new Shape(spec.draws(), 2, batch.size(), batch.width() - 1, spec.loras());
        float[] noise = new GumbelNoise(SEED).ofStep(STEP, spec.draws(), (int) shape.size() / spec.draws());
        long[] prompts = Arrays.stream(batch.promptLengths()).asLongStream().toArray();
        try (Script script = Script.load(compute, "adapter")) {
            NDList result = adapter.bind(
                            decoder.bind(BatchArrays.of(batch, scope).bind(script.call("routed_gradient"))))
                    .with("prompts", scope.create(prompts))
                    .with("noise", scope.create(noise, shape))
                    .run(scope);
            return result.subList(2, result.size()).stream()
                    .map(NDArray::toFloatArray)
                    .toList();
        }
    }

    private static double norm(List<float[]> gradients) {
        return Math.sqrt(gradients.stream()
                .flatMapToDouble(gradient -> IntStream.range(0, gradient.length).mapToDouble(i -> gradient[i]))
                .map(value -> value * value)
                .sum());
    }

    private static Options options() {
        Options usual = TinyModel.options(1, 8, 1e-2);
        return new Options(
                usual.epochs(),
                usual.maxSteps(),
                usual.batchSize(),
                usual.learningRate(),
                usual.schedule(),
                usual.warmupRatio(),
                usual.weightDecay(),
                BOUND,
                usual.maxSequenceLength(),
                usual.precision(),
                usual.checkpointEverySteps(),
                usual.evaluateEverySteps(),
                usual.maxNewTokens());
    }

    /** Far from the initial values, or B at zero would hide A's gradient and the advantages; alike at each call. */
    private static Adapter random(Compute compute, Remix spec) {
        SplittableRandom random = new SplittableRandom(4);
        try (Adapter shapes = Adapter.initialise(compute, TinyModel.CONFIG, spec, 2)) {
            NDManager owner = compute.scope();
            return new Adapter(
                    spec,
                    TinyModel.CONFIG,
                    owner,
                    like(shapes.factors(), owner, random),
                    like(shapes.routers(), owner, random));
        }
    }

    private static List<NDArray> like(List<NDArray> arrays, NDManager owner, SplittableRandom random) {
        return arrays.stream()
                .map(array -> {
                    float[] values = new float[(int) array.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) random.nextGaussian();
                    }
                    return owner.create(values, array.getShape());
                })
                .toList();
    }
}
