package dev.remix.engine.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.device.Compute;
import dev.remix.engine.script.Script;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The functions of {@code torchscript/policy.py}, each against its definition. */
class PolicyTest {
    private static final double[] LOGITS = {0.3, -1.2, 1.1, 0.4, -0.5};

    private final Compute compute = Compute.cpu();
    private final Script script = Script.load(compute, "policy_probe");
    private final NDManager scope = compute.scope();

    @AfterEach
    void free() {
        scope.close();
        script.close();
        compute.close();
    }

    @Test
    void probabilitiesOfAllOrderedSelectionsSumToOne() {
        for (int n = 1; n <= LOGITS.length; n++) {
            double[] logits = Arrays.copyOf(LOGITS, n);
            for (int k = 1; k <= n; k++) {
                double sum = Arrays.stream(logQ(logits, OrderedDraws.all(n, k)))
                        .map(Math::exp)
                        .sum();
                assertThat(sum).as("N = %d, K = %d", n, k).isCloseTo(1, within(1e-12));
            }
        }
    }

    @Test
    void logQIsTheProductOfSharesOfWhatIsLeft() {
        List<int[]> selections = OrderedDraws.all(5, 3);
        double[] q = OrderedDraws.softmax(LOGITS);
        double[] logQ = logQ(LOGITS, selections);
        for (int i = 0; i < logQ.length; i++) {
            assertThat(logQ[i]).isCloseTo(Math.log(OrderedDraws.probability(q, selections.get(i))), within(1e-12));
        }
    }

    @Test
    void gradientOfLogQAgreesWithCentralDifferences() {
        double step = 1e-6;
        for (int k = 1; k <= 4; k++) {
            List<int[]> selections = OrderedDraws.all(4, k);
            double[] logits = Arrays.copyOf(LOGITS, 4);
            double[] gradients = logQ(logits, selections, 1);
            for (int i = 0; i < 4; i++) {
                double[] above = logQ(moved(logits, i, step), selections);
                double[] below = logQ(moved(logits, i, -step), selections);
                for (int s = 0; s < selections.size(); s++) {
                    assertThat(gradients[4 * s + i]).isCloseTo((above[s] - below[s]) / (2 * step), within(1e-8));
                }
            }
        }
    }

    /** Subtracting from 1 would leave nothing of the mass here, in float32 and in float64. */
    @Test
    void saturatedPolicyStaysFinite() {
        double[] logits = {200, 0, -200, -400};
        List<int[]> selections = List.of(new int[] {0, 1, 2}, new int[] {3, 2, 0});
        assertThat(logQ(logits, selections)).containsExactly(new double[] {0, -1000}, within(1e-9));
        assertThat(logQ(logits, selections, 1)).doesNotContain(Double.NaN);
    }

    @Test
    void drawsFollowQ() {
        double[] logits = Arrays.copyOf(LOGITS, 4);
        for (int k = 1; k <= 4; k++) {
            double degrees = OrderedDraws.all(4, k).size() - 1;
            float[] gumbel = Noises.of(new GumbelNoise(k), 0, 0, 800_000);
            // Chi-square has mean d and variance 2d. Noise that is 5 % too small shows the power of the test.
            assertThat(chiSquare(logits, gumbel, k)).isLessThan(degrees + 5 * Math.sqrt(2 * degrees));
            float[] flattened = gumbel.clone();
            IntStream.range(0, gumbel.length).forEach(i -> flattened[i] *= 0.95f);
            assertThat(chiSquare(logits, flattened, k)).isGreaterThan(degrees + 20 * Math.sqrt(2 * degrees));
        }
    }

    private double chiSquare(double[] logits, float[] noise, int k) {
        int n = logits.length;
        int draws = noise.length / n;
        NDArray repeated = floats(logits, 1, n).repeat(0, draws);
        long[] drawn = script.call("draw")
                .with("logits", repeated)
                .with("noise", scope.create(noise, new Shape(draws, n)))
                .with("k", scope.create((long) k))
                .run(scope)
                .head()
                .toLongArray();
        double[] q = OrderedDraws.softmax(logits);
        Map<List<Long>, Long> times = IntStream.range(0, draws)
                .mapToObj(d -> Arrays.stream(drawn, d * k, (d + 1) * k).boxed().toList())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        double sum = 0;
        for (int[] selection : OrderedDraws.all(n, k)) {
            double expected = draws * OrderedDraws.probability(q, selection);
            List<Long> key = Arrays.stream(selection).asLongStream().boxed().toList();
            sum += Math.pow(times.getOrDefault(key, 0L) - expected, 2) / expected;
        }
        return sum;
    }

    @Test
    void topTakesTheMostProbable() {
        NDArray top = script.call("top")
                .with("logits", floats(LOGITS, 1, 5))
                .with("k", scope.create(3L))
                .run(scope)
                .head();
        assertThat(top.toLongArray()).containsExactly(2, 3, 0);
    }

    @Test
    void gateIsOmegaForTheSelectedAndZeroForTheOthers() {
        NDArray gate = script.call("gate")
                .with("logits", floats(LOGITS, 1, 5))
                .with("selection", scope.create(new long[] {3, 1}, new Shape(1, 2)))
                .with("omega", scope.create(0.5f))
                .run(scope)
                .head();
        assertThat(gate.toFloatArray()).containsExactly(0, 0.5f, 0, 0.5f, 0);
    }

    @Test
    void learnedWeightsAreASoftmaxOverTheSelectedAlone() {
        NDArray weights = script.call("soft")
                .with("logits", floats(LOGITS, 1, 5))
                .with("selection", scope.create(new long[] {2, 0}, new Shape(1, 2)))
                .run(scope)
                .head();
        float first = (float) OrderedDraws.softmax(new double[] {LOGITS[0], LOGITS[2]})[0];
        assertThat(weights.toFloatArray()).containsExactly(new float[] {first, 0, 1 - first, 0, 0}, within(1e-6f));
    }

    @Test
    void advantageIsTheDistanceToTheMeanOfTheOtherDraws() {
        NDArray losses = floats(new double[] {1, 2, 6, 10, 20, 60}, 3, 2);
        float[] advantages = script.call("advantages")
                .with("losses", losses)
                .run(scope)
                .head()
                .toFloatArray();
        assertThat(advantages)
                .containsExactly(
                        new float[] {1 - 13f, 2 - 35f, 6 - 10.5f, 10 - 31f, 20 - 3.5f, 60 - 6f}, within(1e-5f));
    }

    /** An example of two positions and one of four, of which one and two are learnt. */
    @Test
    void rewardToGoSumsFromThePositionOnWithinTheExampleAndNothingAfterTheLast() {
        NDList rewards = script.call("rewards")
                .with("nats", floats(new double[] {5, 1, 3}, 1, 3))
                .with("rows", scope.create(new long[] {0, 3, 4}))
                .with("positions", scope.create(new long[] {0, 1, 0, 1, 2, 3}))
                .with("example", scope.create(new long[] {0, 0, 1, 1, 1, 1}))
                .with("groups", scope.create(new long[] {1, 2, 1, 4}))
                .run(scope);
        assertThat(rewards.get(0).toFloatArray()).containsExactly(5, 4);
        assertThat(rewards.get(1).toFloatArray()).containsExactly(5, 0, 4, 4, 3, 0);
    }

    private double[] logQ(double[] logits, List<int[]> selections) {
        return logQ(logits, selections, 0);
    }

    /** In float64: log Q of each selection (0) or its gradient (1). */
    private double[] logQ(double[] logits, List<int[]> selections, int output) {
        int k = selections.getFirst().length;
        NDArray repeated = scope.create(logits, new Shape(1, logits.length)).repeat(0, selections.size());
        long[] drawn =
                selections.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
        return script.call("log_q")
                .with("logits", repeated)
                .with("selection", scope.create(drawn, new Shape(selections.size(), k)))
                .run(scope)
                .get(output)
                .toDoubleArray();
    }

    private static double[] moved(double[] values, int i, double by) {
        double[] moved = values.clone();
        moved[i] += by;
        return moved;
    }

    private NDArray floats(double[] values, long... shape) {
        return scope.create(values, new Shape(shape)).toType(DataType.FLOAT32, false);
    }
}
