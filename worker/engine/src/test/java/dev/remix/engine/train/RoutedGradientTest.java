package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.routing.Estimate;
import dev.remix.engine.text.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

/**
 * The gradient that a training step takes of a whole decoder, against the expected loss by enumeration of every combination
 * of subsets under the same forward. The batch is padded, the enumeration runs each example alone.
 */
class RoutedGradientTest {
    private static final int CALLS = 60;
    private static final int COPIES = 60;

    private static final List<Example> SEQUENCES = List.of(
            new Example(new int[] {3, 5, 7, 4, 7, 4, 1}, new float[] {0, 0, 0, 0, 1, 1, 1}, 4),
            new Example(new int[] {9, 8, 8, 1}, new float[] {0, 0, 1, 1}, 2));

    /** Three and two positions: 729 and 81 combinations. */
    private static final List<Example> SHORT = List.of(
            new Example(new int[] {3, 5, 7, 1}, new float[] {0, 0, 1, 1}, 2),
            new Example(new int[] {9, 8, 1}, new float[] {0, 1, 1}, 1));

    @Test
    void sequenceRoutersGetTheGradientOfTheExpectedLoss() {
        try (RoutedToyDecoder toy = new RoutedToyDecoder(Routing.SEQUENCE, SEQUENCES, 21)) {
            assertRoutersUnbiased(toy);
        }
    }

    @Test
    void tokenRoutersGetTheGradientOfTheExpectedLoss() {
        try (RoutedToyDecoder toy = new RoutedToyDecoder(Routing.TOKEN, SHORT, 22)) {
            assertRoutersUnbiased(toy);
        }
    }

    private static void assertRoutersUnbiased(RoutedToyDecoder toy) {
        List<Weight> checked = every(3, toy.factors().length, toy.routers());
        double[] exact = slopes(checked, toy::expectedLossSlope);
        assertUnbiased(sampled(toy, 2, checked).against(exact));
        assertUnbiased(sampled(toy, 3, checked).against(exact));
    }

    @Test
    void lorasGetTheMeanGradientAtFixedSelections() {
        try (RoutedToyDecoder toy = new RoutedToyDecoder(Routing.SEQUENCE, SEQUENCES, 23)) {
            List<Weight> checked = every(41, 0, toy.factors());
            double[] exact = slopes(checked, toy::lossSlopeAtFixedSelections);
            assertUnbiased(sampled(toy, 2, checked).against(exact));
        }
    }

    /** Five standard errors are little beside the gradient itself, or the check would accept anything. */
    private static void assertUnbiased(Estimate estimate) {
        assertThat(estimate.worstDeviation()).isLessThan(5);
        assertThat(estimate.strongestSignal()).isGreaterThan(20);
    }

    /** @param place of the array in the sampled gradient */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Weight(int place, double[] array, int index) {}

    /** Every n-th weight of the arrays, the first of which has the given place in the sampled gradient. */
    private static List<Weight> every(int n, int place, double[][] arrays) {
        List<Weight> weights = new ArrayList<>();
        for (int a = 0; a < arrays.length; a++) {
            for (int i = a % n; i < arrays[a].length; i += n) {
                weights.add(new Weight(place + a, arrays[a], i));
            }
        }
        return weights;
    }

    private static double[] slopes(List<Weight> weights, ToDoubleBiFunction<double[], Integer> slope) {
        return weights.stream()
                .mapToDouble(weight -> slope.applyAsDouble(weight.array, weight.index))
                .toArray();
    }

    private static Estimate.Collector sampled(RoutedToyDecoder toy, int draws, List<Weight> weights) {
        Estimate.Collector collector = new Estimate.Collector(weights.size());
        for (int call = 0; call < CALLS; call++) {
            List<double[]> gradients = toy.sampledGradient(draws, COPIES, call);
            collector.add(weights.stream()
                    .mapToDouble(weight -> gradients.get(weight.place)[weight.index])
                    .toArray());
        }
        return collector;
    }
}
