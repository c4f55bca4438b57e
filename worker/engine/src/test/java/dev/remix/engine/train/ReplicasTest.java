package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Remix;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.RunSpec.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several devices do what one does, over several steps and whatever else a step is cut into. */
class ReplicasTest {
    private static final int STEPS = 3;

    /** A load-balance loss is of the call's own examples, so that it is not a sum over parts. */
    static Stream<Kinds.Kind> kinds() {
        Remix remix = (Remix) Kinds.remix(
                        "", TinyModel.FEED_FORWARD, Kinds.pool(AdapterSpec.Routing.TOKEN), new AdapterSpec.Reinforce(3))
                .spec();
        Factors dropped = new Factors(2, 3, AdapterSpec.Scaling.LORA, TinyModel.FEED_FORWARD, 0.3);
        return Stream.concat(
                Kinds.all().filter(kind -> !(kind.spec() instanceof AdapterSpec.MixLora mix && mix.balance() > 0)),
                Stream.of(new Kinds.Kind(
                        "remix by token with dropout",
                        new Remix(dropped, remix.pool(), remix.active(), remix.reinforce()))));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void twoDevicesGiveWhatOneGivesAlsoInMicroBatchesAndRecomputed(Kinds.Kind kind) {
        Outcome alone = train(kind, Execution.PLAIN);
        assertSame(alone, train(kind, new Execution(12, true, 2)));
    }

    @Test
    void twoDevicesGiveWhatOneGivesInWholeShares() {
        Kinds.Kind kind = Kinds.drawn().getFirst();
        assertSame(train(kind, Execution.PLAIN), train(kind, new Execution(null, false, 2)));
    }

    private record Outcome(List<StepFigures> figures, List<double[]> parameters) {}

    private static Outcome train(Kinds.Kind kind, Execution execution) {
        RunSpec spec = Float64Model.spec(kind.spec(), execution);
        List<Replica> replicas = IntStream.range(0, execution.replicas())
                .mapToObj(i -> Float64Model.replica(spec))
                .toList();
        try (Trainee trainee = new Trainee(replicas, spec)) {
            List<StepFigures> figures = new ArrayList<>();
            for (int step = 1; step <= STEPS; step++) {
                Batch batch = new Batch(TinyModel.examples(5, step));
                figures.add(trainee.step(new StepInputs(batch, step, 1e-2)));
            }
            for (Replica replica : replicas) {
                assertThat(values(replica)).usingRecursiveComparison().isEqualTo(values(trainee.replica()));
            }
            return new Outcome(figures, values(trainee.replica()));
        }
    }

    private static List<double[]> values(Replica replica) {
        return replica.parameters().stream().map(array -> array.toDoubleArray()).toList();
    }

    private static void assertSame(Outcome expected, Outcome actual) {
        for (int step = 0; step < STEPS; step++) {
            StepFigures one = expected.figures.get(step);
            StepFigures two = actual.figures.get(step);
            assertThat(two.loss()).isCloseTo(one.loss(), within(1e-6));
            assertThat(two.gradientNorm()).isCloseTo(one.gradientNorm(), within(1e-6));
            assertThat(two.sites())
                    .usingRecursiveComparison()
                    .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-6 ? 0 : 1, Double.class)
                    .isEqualTo(one.sites());
        }
        for (int i = 0; i < expected.parameters.size(); i++) {
            assertThat(actual.parameters.get(i))
                    .as("parameter %d", i)
                    .containsExactly(expected.parameters.get(i), within(1e-6));
        }
    }

    /** Of one seed the devices begin alike; what they train must not depend on that. */
    @Test
    void theFirstDevicesParametersAreEveryDevices() {
        RunSpec spec = Float64Model.spec(TinyModel.lora(), new Execution(null, false, 2));
        List<Replica> replicas = List.of(Float64Model.replica(spec), Float64Model.replica(spec));
        replicas.getLast().parameters().forEach(array -> array.muli(2));
        try (Trainee trainee = new Trainee(replicas, spec)) {
            assertThat(values(replicas.getLast())).usingRecursiveComparison().isEqualTo(values(trainee.replica()));
        }
    }

    @Test
    void aFailureOnOneDeviceIsTheSteps() {
        RunSpec spec = Float64Model.spec(TinyModel.lora(), new Execution(null, false, 2));
        List<Replica> replicas = List.of(Float64Model.replica(spec), Float64Model.replica(spec));
        try (Trainee trainee = new Trainee(replicas, spec)) {
            int beyond = TinyModel.CONFIG.vocabulary() + 5;
            Batch broken = new Batch(List.of(
                    new Example(new int[] {1, 2, 3}, new float[] {0, 1, 1}, 1),
                    new Example(new int[] {1, beyond, 3, 4}, new float[] {0, 1, 1, 1}, 1)));

            assertThatThrownBy(() -> trainee.step(new StepInputs(broken, 1, 1e-2)))
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
