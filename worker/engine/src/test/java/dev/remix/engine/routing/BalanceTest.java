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
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The balance figures that the scripts reduce, against their definitions. */
class BalanceTest {
    private final Compute compute = Compute.cpu();
    private final Script script = Script.load(compute, "policy_probe");
    private final NDManager scope = compute.scope();

    @AfterEach
    void free() {
        scope.close();
        script.close();
        compute.close();
    }

    /** K equal weights are K LoRAs to the last digit, whatever the weight. */
    @Test
    void equalWeightsAreExactlyKEffectiveLoras() {
        for (int k = 1; k <= 8; k++) {
            for (double omega : new double[] {2 / Math.sqrt(k * 8), 2.0 / (k * 3), 0.1}) {
                double[] gate = new double[8];
                Arrays.fill(gate, 0, k, omega);
                SiteFigures figures = figures(new double[8], gate, k);
                assertThat(figures.appliedEffectiveLorasMin()).isEqualTo(k);
                assertThat(figures.appliedEffectiveLorasMax()).isEqualTo(k);
            }
        }
    }

    @Test
    void appliedFiguresComeFromTheWeightsThemselves() {
        double[] logits = new double[8];
        NDList balance = balance(logits, new double[] {1, 0, 0, 0, 0.5, 0.5, 0.5, 0.5}, new long[] {0, 0}, 2, 4);
        SiteFigures figures =
                SiteFigures.perSite(balance.get(0).toDoubleArray()).getFirst();
        assertThat(figures.appliedEffectiveLorasMin()).isEqualTo(1);
        assertThat(figures.appliedEffectiveLorasMax()).isEqualTo(4);
    }

    @Test
    void policyFiguresFollowTheirDefinitions() {
        double[] logits = {0.3, -1.2, 1.1, 0.4};
        double[] q = OrderedDraws.softmax(logits);
        SiteFigures figures = figures(logits, new double[] {1, 0, 1, 0}, 2);
        assertThat(figures.policyEffectiveLoras())
                .isCloseTo(1 / Arrays.stream(q).map(p -> p * p).sum(), within(1e-6));
        assertThat(figures.policyEntropy())
                .isCloseTo(-Arrays.stream(q).map(p -> p * Math.log(p)).sum(), within(1e-6));
    }

    @Test
    void topKMassIsTheProbabilityOfTheTopSetInAnyOrder() {
        List<double[]> policies = List.of(
                new double[] {0.3, -1.2, 1.1, 0.4, -0.5},
                new double[5],
                new double[] {3, 2.9, -2, -2, -2},
                new double[] {9, 0, -1, -2, -3},
                new double[] {12, 6, 0, -6, -12});
        for (double[] logits : policies) {
            for (int k = 1; k <= 5; k++) {
                assertThat(figures(logits, new double[] {1, 0, 0, 0, 0}, k).topKMass())
                        .as("%s, K = %d", Arrays.toString(logits), k)
                        .isCloseTo(topSetProbability(logits, k), within(1e-6));
            }
        }
    }

    private static double topSetProbability(double[] logits, int k) {
        double[] q = OrderedDraws.softmax(logits);
        int[] ranked = IntStream.range(0, q.length)
                .boxed()
                .sorted((a, b) -> Double.compare(q[b], q[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        return OrderedDraws.probabilityOfSet(q, Arrays.copyOf(ranked, k));
    }

    @Test
    void subsetsAreCountedPerSiteWhateverTheirOrder() {
        long[] selections = {2, 0, 0, 2, 1, 3, 1, 0, 3, 2, 2, 3};
        NDList balance = balance(new double[24], ones(24), selections, 3, 4);

        assertThat(Subsets.perSite(2, 4, 2, balance.get(1).toLongArray()))
                .containsExactly(
                        new Subsets(4, new TreeMap<>(Map.of(Subset.of(0, 2), 2L, Subset.of(1, 3), 1L))),
                        new Subsets(4, new TreeMap<>(Map.of(Subset.of(0, 1), 1L, Subset.of(2, 3), 2L))));
    }

    /** 40 to the 12th is beyond int64: such rows are told apart whole. */
    @Test
    void subsetsOfAnyPoolAreCounted() {
        for (int n : new int[] {12, 40}) {
            long[] low = LongStream.range(0, 12).toArray();
            long[] high = LongStream.range(n - 12, n).toArray();
            long[] selections = LongStream.concat(
                            LongStream.concat(LongStream.of(high), LongStream.of(low)), LongStream.of(high))
                    .toArray();
            NDList balance = balance(new double[3 * n], ones(3 * n), selections, 3, n);

            Subsets counted =
                    Subsets.perSite(1, n, 12, balance.get(1).toLongArray()).getFirst();
            assertThat(counted.counts().values()).containsExactlyElementsOf(n == 12 ? List.of(3L) : List.of(1L, 2L));
            assertThat(counted.modal().loras().getLast()).isEqualTo(n - 1);
        }
    }

    /** 5,000 inputs, the first half of them undecided: of any stretch at either end the mean would be another. */
    @Test
    void topKMassOfManyInputsIsThatOfEvenlySpacedOnes() {
        double[] logits = new double[4 * 5_000];
        for (int input = 2_500; input < 5_000; input++) {
            logits[4 * input] = 3;
            logits[4 * input + 1] = 2;
        }
        double decided = topSetProbability(new double[] {3, 2, 0, 0}, 2);
        NDList balance = balance(logits, ones(4 * 5_000), new long[2 * 5_000], 5_000, 4);
        assertThat(SiteFigures.perSite(balance.get(0).toDoubleArray())
                        .getFirst()
                        .topKMass())
                .isCloseTo((topSetProbability(new double[4], 2) + decided) / 2, within(1e-6));
    }

    /** Of one site with one input. */
    private SiteFigures figures(double[] logits, double[] gate, int k) {
        long[] selection = IntStream.range(0, k).asLongStream().toArray();
        NDList balance = balance(logits, gate, selection, 1, logits.length);
        return SiteFigures.perSite(balance.get(0).toDoubleArray()).getFirst();
    }

    /** The two tables; logits and gate [L, I, N], selection [L, I, K]. */
    private NDList balance(double[] logits, double[] gate, long[] selection, int inputs, int n) {
        int sites = logits.length / (inputs * n);
        return script.call("balance")
                .with("logits", floats(logits, sites, inputs, n))
                .with("gate", floats(gate, sites, inputs, n))
                .with(
                        "selection",
                        scope.create(selection, new Shape(sites, inputs, selection.length / (sites * inputs))))
                .run(scope);
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private NDArray floats(double[] values, long... shape) {
        return scope.create(values, new Shape(shape)).toType(DataType.FLOAT32, false);
    }
}
