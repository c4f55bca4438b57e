package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Remix;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.routing.Estimate;
import dev.remix.engine.text.Example;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The gradient that a training step takes of a whole decoder, against the expected loss by enumeration of every combination of
 * subsets under the same forward. The batch mixes lengths, the enumeration runs each example alone.
 */
class RoutedGradientTest {
    private static final int CALLS = 24;
    private static final int COPIES = 80;
    private static final int LORAS = 3;

    /** Routers read a block's input in attention and in the feed-forward: four sites. */
    private static final Set<Target> BOTH_BLOCKS = EnumSet.of(Target.V_PROJ, Target.UP_PROJ, Target.DOWN_PROJ);

    private static final List<Example> SEQUENCES = List.of(
            new Example(new int[] {3, 5, 7, 4, 7, 4, 1}, new float[] {0, 0, 0, 0, 1, 1, 0.5f}, 4),
            new Example(new int[] {9, 8, 8, 1}, new float[] {0, 0, 1, 1}, 2));

    /** Three and two positions: 729 and 81 combinations. */
    private static final List<Example> SHORT = List.of(
            new Example(new int[] {3, 5, 7, 1}, new float[] {0, 0, 1, 1}, 2),
            new Example(new int[] {9, 8, 1}, new float[] {0, 1, 1}, 1));

    @ParameterizedTest
    @CsvSource({"1, 2, MEAN", "2, 2, MEAN", "2, 4, MEAN", "2, 3, SINGLE"})
    void sequenceRoutersGetTheGradientOfTheExpectedLoss(int active, int draws, AdapterGradient gradient) {
        Reinforce reinforce = new Reinforce(draws, gradient, false, 0, 0);
        try (RoutedToyDecoder toy = toy(Routing.SEQUENCE, BOTH_BLOCKS, active, reinforce, SEQUENCES)) {
            assertUnbiased(sampled(toy, routers(toy, 11)).against(slopes(routers(toy, 11), toy::expectedLossSlope)));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2, MEAN", "2, 3, MEAN", "2, 2, SINGLE"})
    void tokenRoutersGetTheGradientOfTheExpectedLoss(int active, int draws, AdapterGradient gradient) {
        Reinforce reinforce = new Reinforce(draws, gradient, false, 0, 0);
        try (RoutedToyDecoder toy = toy(Routing.TOKEN, TinyModel.FEED_FORWARD, active, reinforce, SHORT)) {
            assertUnbiased(sampled(toy, routers(toy, 11)).against(slopes(routers(toy, 11), toy::expectedLossSlope)));
        }
    }

    /** Where all LoRAs are selected nothing is chosen, and the draws' losses are the same but for rounding. */
    @Test
    void aRouterThatSelectsAllLorasHasNothingToLearn() {
        try (RoutedToyDecoder toy = toy(Routing.SEQUENCE, BOTH_BLOCKS, LORAS, new Reinforce(2), SEQUENCES)) {
            List<double[]> gradients = toy.sampledGradient(COPIES, 1);
            for (double[] ofRouter : gradients.subList(toy.factors(), gradients.size())) {
                assertThat(ofRouter).isNotEmpty();
                for (double value : ofRouter) {
                    assertThat(Math.abs(value)).isLessThan(1e-12);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"MEAN", "SINGLE"})
    void lorasGetTheMeanGradientAtFixedSelections(AdapterGradient gradient) {
        Reinforce reinforce = new Reinforce(2, gradient, false, 0, 0);
        try (RoutedToyDecoder toy = toy(Routing.SEQUENCE, BOTH_BLOCKS, 2, reinforce, SEQUENCES)) {
            List<Value> checked = every(97, 0, toy.parameters().subList(0, toy.factors()));
            assertUnbiased(sampled(toy, checked).against(slopes(checked, toy::lossSlopeAtFixedSelections)));
        }
    }

    private static RoutedToyDecoder toy(
            Routing routing, Set<Target> targets, int active, Reinforce reinforce, List<Example> examples) {
        Factors factors = new Factors(2, 2, Scaling.RSLORA, targets);
        Pool pool = new Pool(LORAS, routing, Routers.BLOCK, 1);
        return new RoutedToyDecoder(new Remix(factors, pool, active, reinforce), examples);
    }

    /** Five standard errors are little beside the gradient itself, or the check would accept anything. */
    private static void assertUnbiased(Estimate estimate) {
        assertThat(estimate.worstDeviation()).isLessThan(5);
        assertThat(estimate.strongestSignal()).isGreaterThan(20);
    }

    /** @param place of the array among the parameters */
    private record Value(int place, NDArray array, int index) {}

    private static List<Value> routers(RoutedToyDecoder toy, int n) {
        int from = toy.factors();
        return every(n, from, toy.parameters().subList(from, toy.parameters().size()));
    }

    /** Every n-th value of the arrays, the first of which has the given place among the parameters. */
    private static List<Value> every(int n, int place, List<NDArray> arrays) {
        List<Value> values = new ArrayList<>();
        for (int a = 0; a < arrays.size(); a++) {
            for (int i = a % n; i < arrays.get(a).size(); i += n) {
                values.add(new Value(place + a, arrays.get(a), i));
            }
        }
        return values;
    }

    private static double[] slopes(List<Value> values, ToDoubleBiFunction<NDArray, Integer> slope) {
        return values.stream()
                .mapToDouble(value -> slope.applyAsDouble(value.array, value.index))
                .toArray();
    }

    private static Estimate.Collector sampled(RoutedToyDecoder toy, List<Value> values) {
        Estimate.Collector collector = new Estimate.Collector(values.size());
        for (int call = 1; call <= CALLS; call++) {
            List<double[]> gradients = toy.sampledGradient(COPIES, call);
            collector.add(values.stream()
                    .mapToDouble(value -> gradients.get(value.place)[value.index])
                    .toArray());
        }
        return collector;
    }
}
