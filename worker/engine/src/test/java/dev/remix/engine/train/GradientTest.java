package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.script.Script;
import dev.remix.engine.train.RunSpec.Execution;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind's gradient against central differences of its loss, in float64: of the mean loss over the draws for what the
 * losses depend on, of advantage times log Q for a policy.
 */
class GradientTest {
    private static final double STEP = 1e-5;
    private static final int SAMPLES = 2;

    private final SplittableRandom random = new SplittableRandom(4);

    static List<Kinds.Kind> kinds() {
        return Kinds.all().toList();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void agreesWithCentralDifferences(Kinds.Kind kind) {
        RunSpec spec = Float64Model.spec(kind.spec(), Execution.PLAIN);
        try (Replica replica = Float64Model.replica(spec);
                Script script = Script.load(replica.compute(), "differences");
                NDManager scope = replica.compute().scope()) {
            double total = Float64Model.BATCH.weight();
            NDList gradients =
                    replica.gradient(Float64Model.BATCH, 1, total, scope).gradients();
            Ingredients ingredients = new Ingredients(replica, script, total);
            double[] coefficients = ingredients.coefficients(spec);
            int routersFrom = replica.adapter().factors().size();
            List<NDArray> parameters = replica.parameters();
            assertThat(gradients).hasSameSizeAs(parameters);
            for (int i : checked(spec.adapter(), parameters.size())) {
                boolean policy = spec.adapter() instanceof AdapterSpec.Remix && i >= routersFrom;
                verify(kind, i, parameters.get(i), gradients.get(i).toDoubleArray(), () -> {
                    Values values = ingredients.values();
                    return policy
                            ? values.added + dot(values.logQ, coefficients)
                            : values.loss
                                    + (routersFrom == 0 || spec.adapter() instanceof AdapterSpec.Remix
                                            ? 0
                                            : values.added);
                });
            }
        }
    }

    /** DoRA takes the norm that its A and B change for a constant, so of it only the magnitudes have the loss's own slope. */
    private static int[] checked(AdapterSpec spec, int parameters) {
        boolean magnitudes = spec instanceof AdapterSpec.Lora lora && lora.magnitude();
        return IntStream.range(0, parameters)
                .filter(i -> !magnitudes || i % 3 == 2)
                .toArray();
    }

    private void verify(Kinds.Kind kind, int place, NDArray parameter, double[] gradient, DoubleSupplier value) {
        for (int sample = 0; sample < SAMPLES; sample++) {
            int index = random.nextInt(gradient.length);
            double difference = difference(parameter, index, value);
            assertThat(gradient[index])
                    .as("%s: parameter %d, value %d", kind, place, index)
                    .isCloseTo(difference, within(1e-7 + 5e-5 * Math.abs(difference)));
        }
        assertThat(Arrays.stream(gradient).map(Math::abs).sum())
                .as("%s: parameter %d matters", kind, place)
                .isPositive();
    }

    private static double difference(NDArray parameter, int index, DoubleSupplier value) {
        double[] values = parameter.toDoubleArray();
        double centre = values[index];
        values[index] = centre + STEP;
        parameter.set(DoubleBuffer.wrap(values));
        double above = value.getAsDouble();
        values[index] = centre - STEP;
        parameter.set(DoubleBuffer.wrap(values));
        double below = value.getAsDouble();
        values[index] = centre;
        parameter.set(DoubleBuffer.wrap(values));
        return (above - below) / (2 * STEP);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Values(double loss, double[] logQ, double added, double[] nats) {}

    /** The loss, log Q and additions as the script computes them for the parameters as they stand. */
    private record Ingredients(Replica replica, Script script, double total) {
        Values values() {
            try (NDManager scope = replica.compute().scope()) {
                NDList results = replica.bindStep(script, "ingredients", Float64Model.BATCH, 1, total, scope)
                        .infer(scope);
                double[] nats = results.get(0).toDoubleArray();
                double loss = Arrays.stream(nats).sum()
                        / total
                        / results.get(0).getShape().get(0);
                return new Values(
                        loss, results.get(1).toDoubleArray(), results.get(2).getDouble(), nats);
            }
        }

        /** Advantages of each input of each draw, weighted as in the scalar, by their definition. */
        double[] coefficients(RunSpec spec) {
            if (!(spec.adapter() instanceof AdapterSpec.Remix remix)) {
                return new double[0];
            }
            int draws = remix.reinforce().draws();
            Losses losses = new Losses(Float64Model.BATCH, values().nats, draws);
            boolean byExample = replica.adapter().selectsByExample();
            double[][] rewards = new double[draws][];
            for (int m = 0; m < draws; m++) {
                rewards[m] = byExample ? losses.ofExamples(m) : losses.toGo(m);
            }
            int inputs = rewards[0].length;
            double[] coefficients = new double[draws * inputs];
            for (int i = 0; i < inputs; i++) {
                double[] weights = new double[draws];
                for (int m = 0; m < draws; m++) {
                    double others = 0;
                    for (int other = 0; other < draws; other++) {
                        others += other == m ? 0 : rewards[other][i] / (draws - 1);
                    }
                    weights[m] = rewards[m][i] - others;
                }
                double scale = 1;
                if (remix.reinforce().normaliseAdvantages()) {
                    double square = Arrays.stream(weights).map(w -> w * w).sum() / draws;
                    scale = losses.weightOfExample(i) / Math.sqrt(square);
                }
                for (int m = 0; m < draws; m++) {
                    coefficients[m * inputs + i] = weights[m] * scale / draws / total;
                }
            }
            return coefficients;
        }
    }
}
