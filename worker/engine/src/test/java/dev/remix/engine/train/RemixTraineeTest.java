package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec.Remix;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.routing.Subset;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.StepReport.SiteBalance;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemixTraineeTest {
    private final Compute compute = Compute.cpu();

    @AfterEach
    void free() {
        compute.close();
    }

    private RemixTrainee trainee(Routing routing) {
        Remix spec = TinyModel.mixture(routing);
        Decoder decoder = TinyModel.float32(compute);
        Adapter adapter = Adapter.initialise(compute, TinyModel.CONFIG, spec, 3);
        return new RemixTrainee(compute, decoder, adapter, spec, TinyModel.options(1, 8, 3e-2), 5);
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void appliesExactlyKEffectiveLorasAtEverySiteAndStep(Routing routing) {
        try (RemixTrainee trainee = trainee(routing)) {
            Batches batches = new ShuffledBatches(TinyModel.examples(64, 1), 8, 3);
            for (int step = 1; step <= 24; step++) {
                StepFigures figures = trainee.step(new StepInputs(batches.at(step), step, 3e-2));
                assertThat(figures.sites()).hasSize(2).allSatisfy(RemixTraineeTest::appliesTwo);
            }
        }
    }

    private static void appliesTwo(SiteBalance site) {
        assertThat(site.appliedEffectiveLorasMin()).isEqualTo(2);
        assertThat(site.appliedEffectiveLorasMax()).isEqualTo(2);
        assertThat(site.load().stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(1, within(1e-9));
        assertThat(site.policyEffectiveLoras()).isBetween(1.0, 4.0);
        assertThat(site.distinctSubsets()).isBetween(1, 6);
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void paddingChangesNoLossAndNoSelection(Routing routing) {
        try (RemixTrainee trainee = trainee(routing)) {
            train(trainee, 20);
            List<Example> examples = TinyModel.examples(6, 5);
            double[] together = trainee.losses(new Batch(examples));
            for (int i = 0; i < examples.size(); i++) {
                double[] alone = trainee.losses(new Batch(List.of(examples.get(i))));
                assertThat(alone[0]).isCloseTo(together[i], within(1e-4));
            }
        }
    }

    /** The tokens behind a position can't have a part in what stands before it. */
    @Test
    void routingByPositionIsCausal() {
        try (RemixTrainee trainee = trainee(Routing.TOKEN)) {
            train(trainee, 20);
            int[] tokens = {5, 6, 7, 8, 9, 10};
            float[] second = {0, 0, 1, 0, 0, 0};
            int[] other = {5, 6, 7, 2, 3, 4};

            double[] losses =
                    trainee.losses(new Batch(List.of(new Example(tokens, second, 2), new Example(other, second, 2))));

            assertThat(losses[0]).isEqualTo(losses[1]);
        }
    }

    /** Nothing but the prompt may decide, or generation would need the answer before it began. */
    @Test
    void routingBySequenceReadsThePromptOnly() {
        try (RemixTrainee trainee = trainee(Routing.SEQUENCE)) {
            train(trainee, 20);
            float[] first = {0, 0, 0, 1, 0, 0};
            Example one = new Example(new int[] {5, 6, 7, 8, 9, 10}, first, 3);
            Example other = new Example(new int[] {5, 6, 7, 8, 3, 4}, first, 3);

            double[] losses = trainee.losses(new Batch(List.of(one, other)));

            assertThat(losses[0]).isEqualTo(losses[1]);
        }
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void forcesTheSubsetsThatItIsTold(Routing routing) {
        try (RemixTrainee trainee = trainee(routing)) {
            Batch batch = new Batch(TinyModel.examples(6, 5));

            var forced = trainee.forced(batch, List.of(Subset.of(0, 3), Subset.of(1, 2)));
            var uniform = trainee.uniform(batch, -1);

            assertThat(forced.subsets().get(0).counts()).containsOnlyKeys(Subset.of(0, 3));
            assertThat(forced.subsets().get(1).counts()).containsOnlyKeys(Subset.of(1, 2));
            assertThat(uniform.subsets().get(0).distinct()).isGreaterThan(1);
        }
    }

    @Test
    void aRouterWithRateZeroStaysAsInitialised() {
        Remix still = new Remix(
                4,
                2,
                2,
                2,
                2,
                TinyModel.mixture(Routing.SEQUENCE).scaling(),
                Routing.SEQUENCE,
                TinyModel.mixture(Routing.SEQUENCE).targets(),
                0);
        Adapter adapter = Adapter.initialise(compute, TinyModel.CONFIG, still, 3);
        float[] before = adapter.routers().getFirst().toFloatArray();
        try (RemixTrainee trainee = new RemixTrainee(
                compute, TinyModel.float32(compute), adapter, still, TinyModel.options(1, 8, 3e-2), 5)) {
            train(trainee, 5);
            assertThat(adapter.routers().getFirst().toFloatArray()).containsExactly(before);
            assertThat(adapter.factors().get(1).toFloatArray()).doesNotContain(0);
        }
    }

    @Test
    void saysAtWhichStepItDiverged() {
        try (RemixTrainee trainee = trainee(Routing.SEQUENCE)) {
            TrainingLoop loop = new TrainingLoop(
                    trainee,
                    TinyModel.batches(),
                    TinyModel.options(1, 16, 1e30),
                    null,
                    new Recording(),
                    Path.of("unused"));

            assertThatThrownBy(() -> loop.run(Progress.begin("x", null, List.of()), new Recording()))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIVERGED))
                    .hasMessageMatching("Training diverged at step \\d+ of 16: loss .*; try a lower learning rate.*");
        }
    }

    @Test
    void ownsNoMoreArraysAfterHundredsOfSteps() {
        try (RemixTrainee trainee = trainee(Routing.SEQUENCE)) {
            train(trainee, 5);
            int before = compute.liveArrays();
            train(trainee, 200);
            assertThat(compute.liveArrays()).isEqualTo(before).isPositive();
        }
    }

    private static void train(RemixTrainee trainee, int steps) {
        Batches batches = new ShuffledBatches(TinyModel.examples(64, 1), 8, 3);
        for (int step = 1; step <= steps; step++) {
            trainee.step(new StepInputs(batches.at(step), step, 3e-2));
        }
    }
}
