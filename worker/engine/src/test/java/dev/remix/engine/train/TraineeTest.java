package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Remix;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.routing.Subset;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.RunSpec.Stopping;
import dev.remix.engine.train.StepReport.SiteBalance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TraineeTest {

    static List<Kinds.Kind> kinds() {
        return Kinds.all().toList();
    }

    private static Trainee trainee(AdapterSpec adapter) {
        RunSpec spec = TinyModel.spec(Path.of("none"), adapter);
        return new Trainee(List.of(replica(spec)), spec);
    }

    private static Replica replica(RunSpec spec) {
        Compute compute = Compute.cpu();
        Decoder decoder = TinyModel.float32(compute);
        Adapter adapter = spec.adapter() instanceof AdapterSpec.FullParameters
                ? Adapter.none(compute, decoder)
                : Adapter.initialise(compute, decoder, spec.adapter(), 3);
        return new Replica(compute, decoder, adapter, spec);
    }

    private static List<StepFigures> train(Trainee trainee, int steps) {
        Batches batches = new ShuffledBatches(TinyModel.examples(64, 1), 8, 3);
        List<StepFigures> figures = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            figures.add(trainee.step(new StepInputs(batches.at(step), step, 3e-2)));
        }
        return figures;
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void appliesExactlyKEffectiveLorasAtEverySiteAndStep(Routing routing) {
        try (Trainee trainee = trainee(TinyModel.mixture(routing))) {
            assertThat(train(trainee, 24))
                    .allSatisfy(
                            figures -> assertThat(figures.sites()).hasSize(2).allSatisfy(TraineeTest::appliesTwo));
        }
    }

    private static void appliesTwo(SiteBalance site) {
        assertThat(site.appliedEffectiveLorasMin()).isEqualTo(2);
        assertThat(site.appliedEffectiveLorasMax()).isEqualTo(2);
        assertThat(site.load().stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(1, within(1e-9));
        assertThat(site.policyEffectiveLoras()).isBetween(1.0, 4.0);
        assertThat(site.distinctSubsets()).isBetween(1, 6);
    }

    /** One batch of all lengths, against each example by itself: neither attention nor a router sees its neighbours. */
    @ParameterizedTest
    @MethodSource("kinds")
    void anExamplesLossIsItsOwnWhateverLiesBesideIt(Kinds.Kind kind) {
        try (Trainee trainee = trainee(kind.spec())) {
            train(trainee, 10);
            Batch together = new Batch(TinyModel.examples(6, 5));
            double[] losses = trainee.evaluate(together).losses();
            for (int b = 0; b < together.size(); b++) {
                Batch alone = new Batch(List.of(together.examples().get(b)));
                assertThat(trainee.evaluate(alone).loss()).isCloseTo(losses[b], within(1e-4));
            }
        }
    }

    /** The tokens behind a position can't have a part in what stands before it. */
    @Test
    void routingByPositionIsCausal() {
        float[] second = {0, 0, 1, 0, 0, 0};
        assertSameLoss(
                Routing.TOKEN,
                new Example(new int[] {5, 6, 7, 8, 9, 10}, second, 2),
                new Example(new int[] {5, 6, 7, 2, 3, 4}, second, 2));
    }

    /** Nothing but the prompt may decide, or generation would need the answer before it began. */
    @Test
    void routingBySequenceReadsThePromptOnly() {
        float[] first = {0, 0, 0, 1, 0, 0};
        assertSameLoss(
                Routing.SEQUENCE,
                new Example(new int[] {5, 6, 7, 8, 9, 10}, first, 3),
                new Example(new int[] {5, 6, 7, 8, 3, 4}, first, 3));
    }

    private static void assertSameLoss(Routing routing, Example one, Example other) {
        try (Trainee trainee = trainee(TinyModel.mixture(routing))) {
            train(trainee, 20);
            double[] losses = trainee.evaluate(new Batch(List.of(one, other))).losses();
            assertThat(losses[0]).isEqualTo(losses[1]).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void forcesTheSubsetsThatItIsTold(Routing routing) {
        try (Trainee trainee = trainee(TinyModel.mixture(routing))) {
            Batch batch = new Batch(TinyModel.examples(6, 5));

            PartFigures forced = trainee.replica().forced(batch, new float[] {1, 0, 0, 1, 0, 1, 1, 0});
            PartFigures uniform = trainee.replica().uniform(batch, -1);

            assertThat(forced.subsets().get(0).counts()).containsOnlyKeys(Subset.of(0, 3));
            assertThat(forced.subsets().get(1).counts()).containsOnlyKeys(Subset.of(1, 2));
            assertThat(uniform.subsets().get(0).distinct()).isGreaterThan(1);
        }
    }

    @Test
    void aRouterWithRateZeroStaysAsInitialised() {
        Remix usual = TinyModel.mixture(Routing.SEQUENCE);
        Pool still = new Pool(4, Routing.SEQUENCE, Routers.BLOCK, 0);
        try (Trainee trainee = trainee(new Remix(usual.factors(), still, 2, usual.reinforce()))) {
            Adapter adapter = trainee.replica().adapter();
            float[] before = adapter.routers().getFirst().toFloatArray();
            train(trainee, 5);
            assertThat(adapter.routers().getFirst().toFloatArray()).containsExactly(before);
            assertThat(adapter.factors().get(1).toFloatArray()).doesNotContain(0);
        }
    }

    @Test
    void everyWeightOfAModelLearns() {
        try (Trainee trainee = trainee(new AdapterSpec.FullParameters())) {
            List<StepFigures> figures = train(trainee, 150);
            assertThat(figures.getFirst().loss()).isCloseTo(Math.log(264), within(0.8));
            assertThat(figures.getLast().loss()).isLessThan(figures.getFirst().loss() / 4);
        }
    }

    static List<AdapterSpec> owners() {
        return List.of(TinyModel.lora(), TinyModel.mixture(Routing.TOKEN), new AdapterSpec.FullParameters());
    }

    @ParameterizedTest
    @MethodSource("owners")
    void ownsNoMoreArraysAfterManySteps(AdapterSpec kind) {
        try (Trainee trainee = trainee(kind)) {
            train(trainee, 3);
            int before = trainee.replica().compute().liveArrays();
            train(trainee, 60);
            assertThat(trainee.replica().compute().liveArrays())
                    .isEqualTo(before)
                    .isPositive();
        }
    }

    /** Of the plainest LoRA: what all steps gave is what one alone would give of that state. */
    @Test
    void aStepWithoutFiniteFiguresChangesNothing() {
        AdapterSpec lora = new AdapterSpec.Lora(new Factors(2, 2, Scaling.LORA, TinyModel.FEED_FORWARD));
        try (Trainee trainee = trainee(lora)) {
            train(trainee, 3);
            List<float[]> before = state(trainee);
            trainee.replica().decoder().matrices().getFirst().muli(Float.POSITIVE_INFINITY);

            StepFigures figures = trainee.step(new StepInputs(new Batch(TinyModel.examples(4, 1)), 4, 3e-2));

            assertThat(figures.diverged(Stopping.NEVER)).isTrue();
            List<float[]> after = state(trainee);
            for (int i = 0; i < before.size(); i++) {
                assertThat(after.get(i)).containsExactly(before.get(i));
            }
        }
    }

    private static List<float[]> state(Trainee trainee) {
        return trainee.state().values().stream()
                .map(array -> array.toFloatArray())
                .toList();
    }
}
