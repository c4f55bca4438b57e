package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunSpec.Execution;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a step is computed changes none of its gradients, beyond rounding in float64. */
class ExecutionTest {
    private static final Execution RECOMPUTED = new Execution(null, true, 1);

    static List<Kinds.Kind> kinds() {
        return Kinds.all().toList();
    }

    /** A load-balance loss is of the call's own examples, so that it is not a sum over parts. */
    static List<Kinds.Kind> additive() {
        return Kinds.all()
                .filter(kind -> !(kind.spec() instanceof AdapterSpec.MixLora mix && mix.balance() > 0))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void recomputedLayersGiveTheSameGradient(Kinds.Kind kind) {
        List<Batch> whole = List.of(Float64Model.BATCH);
        assertSame(gradients(kind, Execution.PLAIN, whole), gradients(kind, RECOMPUTED, whole));
    }

    @ParameterizedTest
    @MethodSource("additive")
    void partsAddUpToTheWholeStep(Kinds.Kind kind) {
        List<double[]> whole = gradients(kind, Execution.PLAIN, List.of(Float64Model.BATCH));
        assertSame(whole, gradients(kind, Execution.PLAIN, Float64Model.BATCH.parts(1)));
        assertSame(whole, gradients(kind, RECOMPUTED, Float64Model.BATCH.parts(20)));
    }

    private static void assertSame(List<double[]> expected, List<double[]> actual) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).as("parameter %d", i).containsExactly(expected.get(i), within(1e-12));
        }
    }

    private static List<double[]> gradients(Kinds.Kind kind, Execution execution, List<Batch> parts) {
        List<double[]> sums = new ArrayList<>();
        try (Replica replica = Float64Model.replica(Float64Model.spec(kind.spec(), execution));
                NDManager scope = replica.compute().scope()) {
            double total = Float64Model.BATCH.weight();
            for (Batch part : parts) {
                List<double[]> found = replica.gradient(part, 1, total, scope).gradients().stream()
                        .map(NDArray::toDoubleArray)
                        .toList();
                if (sums.isEmpty()) {
                    sums.addAll(found);
                } else {
                    add(sums, found);
                }
            }
        }
        return sums;
    }

    private static void add(List<double[]> sums, List<double[]> found) {
        for (int i = 0; i < sums.size(); i++) {
            for (int j = 0; j < sums.get(i).length; j++) {
                sums.get(i)[j] += found.get(i)[j];
            }
        }
    }
}
