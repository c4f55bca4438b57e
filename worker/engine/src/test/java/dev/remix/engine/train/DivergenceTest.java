package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.checkpoint.Checkpoint;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.RunSpec.Stopping;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is told of a broken step at step 13, behind the checkpoint of step 10. */
class DivergenceTest {
    private static final int BROKEN = 13;

    @TempDir
    private Path directory;

    private final Recording recording = new Recording();
    private RunSpec spec = TinyModel.spec(Path.of("none"), TinyModel.lora());

    @BeforeEach
    void makeABase() {
        spec = TinyModel.spec(TinyModel.untrained(directory.resolve("model")), TinyModel.lora());
    }

    @Test
    void keepsTheLastGoodStateAndNamesIt() {
        diverging(spec, Float.POSITIVE_INFINITY)
                .hasMessageMatching(
                        "Training diverged at step 13 of 48: loss .*, gradient norm .*; try a lower learning rate"
                                + " than 0.03, or more warm-up; the last good checkpoint is of step 12\\.");

        assertThat(recording.checkpoints()).containsOnlyKeys(10, 12);
        Path kept = Objects.requireNonNull(recording.checkpoints().get(12));
        assertThat(Checkpoint.read(kept).tensors()).isNotEmpty().allSatisfy(tensor -> {
            for (float value : tensor.values()) {
                assertThat(value).isFinite();
            }
        });
    }

    @Test
    void goesOnFromWhatWasKept() {
        diverging(spec, Float.POSITIVE_INFINITY);
        Recording resumed = new Recording(1);
        List<Path> kept = List.of(Objects.requireNonNull(recording.checkpoints().get(12)));

        FineTuning.run(spec, TinyModel.otherBatches(), kept, directory, resumed, resumed);

        assertThat(resumed.steps()).singleElement().extracting(StepReport::step).isEqualTo(BROKEN);
    }

    /** The state that gave such a loss is no good one, so that nothing but an older one is named. */
    @Test
    void isAlsoALossThatIsHigherThanTheRunBears() {
        RunSpec bounded = Variants.stopping(spec, null, new Stopping(0, 0, false, 3.0));
        diverging(bounded, 1)
                .hasMessageMatching("Training diverged at step 1 of 48: loss [0-9.]+, .*; no step before is kept\\.");
        assertThat(recording.checkpoints()).isEmpty();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> diverging(RunSpec diverging, float weight) {
        Batches usual = TinyModel.otherBatches();
        Batches broken = new Batches() {
            @Override
            public int stepsPerEpoch() {
                return usual.stepsPerEpoch();
            }

            @Override
            public Batch at(int step) {
                return step == BROKEN ? heavy(weight) : usual.at(step);
            }
        };
        return assertThatThrownBy(() -> FineTuning.run(diverging, broken, List.of(), directory, recording, recording))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIVERGED));
    }

    /** Its weight in the loss is what breaks it, where that is infinite. */
    private static Batch heavy(float weight) {
        return new Batch(List.of(new Example(new int[] {3, 4, 5, 6}, new float[] {0, weight, weight, weight}, 1)));
    }
}
