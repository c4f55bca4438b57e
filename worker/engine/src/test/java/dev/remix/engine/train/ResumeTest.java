package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Remix;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.checkpoint.CheckpointFiles;
import dev.remix.engine.train.RunOutcome.Finished;
import dev.remix.engine.train.RunOutcome.Stopped;
import dev.remix.engine.train.RunSpec.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is killed and goes on from what lies on the disk is the run that was never killed, bit for bit. */
class ResumeTest {
    private static final int KILLS = 20;
    private static final int STEPS = 48;

    @TempDir
    private static Path shared;

    private static Path model = Path.of("unset");

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeABase() {
        model = TinyModel.untrained(shared.resolve("model"));
    }

    static Stream<RunSpec> runs() {
        Remix byToken = TinyModel.mixture(Routing.TOKEN);
        Factors dropped = new Factors(2, 2, Scaling.RSLORA, TinyModel.FEED_FORWARD, 0.2);
        Remix dropping = new Remix(dropped, byToken.pool(), byToken.active(), new Reinforce(3));
        return Stream.of(
                TinyModel.spec(model, TinyModel.lora()),
                cut(TinyModel.spec(model, TinyModel.mixture(Routing.SEQUENCE))),
                TinyModel.spec(model, dropping),
                cut(TinyModel.spec(model, dropping)));
    }

    /** Into micro-batches. */
    private static RunSpec cut(RunSpec spec) {
        return Variants.computed(spec, new Execution(80, false, 1));
    }

    /** Killed without a word: what was not in a checkpoint is done again. */
    @ParameterizedTest
    @MethodSource("runs")
    void killedAtTwentyRandomSteps(RunSpec spec) throws IOException {
        Recording uninterrupted = new Recording();
        Finished whole = (Finished) run(spec, directory.resolve("whole"), List.of(), uninterrupted);
        Path work = directory.resolve("killed");
        List<StepReport> told = new ArrayList<>();
        for (int step : randomSteps()) {
            Recording recording = Recording.killedBehind(step);
            run(spec, work, CheckpointFiles.newestFirst(Files.createDirectories(work)), recording);
            told.addAll(recording.steps());
        }
        Recording last = new Recording();
        Finished end = (Finished) run(spec, work, CheckpointFiles.newestFirst(work), last);
        told.addAll(last.steps());

        assertThat(uninterrupted.steps()).hasSize(STEPS);
        assertThat(told).hasSizeGreaterThan(STEPS);
        for (StepReport step : told) {
            assertSameStep(step, uninterrupted.steps().get(step.step() - 1));
        }
        assertThat(end.lossFirst()).isEqualTo(whole.lossFirst());
        assertThat(end.lossLast()).isEqualTo(whole.lossLast());
        assertThat(end.trainedTokens()).isEqualTo(whole.trainedTokens());
        assertThat(weights(end)).isEqualTo(weights(whole));
    }

    private static void assertSameStep(StepReport again, StepReport before) {
        assertThat(again).usingRecursiveComparison().ignoringFields("seconds").isEqualTo(before);
    }

    /** In order, no two alike. */
    private static int[] randomSteps() {
        return new Random(11).ints(1, STEPS).distinct().limit(KILLS).sorted().toArray();
    }

    @Test
    void goesOnFromTheNewestCheckpointThatIsWholeAndSaysWhichIsNot() throws IOException {
        RunSpec spec = TinyModel.spec(model, TinyModel.lora());
        Recording begun = new Recording(25);
        assertThat(run(spec, directory, List.of(), begun)).isEqualTo(new Stopped(25));
        cut(CheckpointFiles.at(directory, 25));
        Recording resumed = Recording.killedBehind(21);

        run(spec, directory, CheckpointFiles.newestFirst(directory), resumed);

        assertThat(resumed.steps().getFirst().step()).isEqualTo(21);
        assertThat(resumed.notes())
                .singleElement()
                .asString()
                .startsWith("checkpoint-25.safetensors is damaged")
                .endsWith("Going on from the checkpoint of step 20.");
    }

    @Test
    void doesNotBeginAnewWhereEveryCheckpointIsDamaged() throws IOException {
        RunSpec spec = TinyModel.spec(model, TinyModel.lora());
        run(spec, directory, List.of(), new Recording(2));
        cut(CheckpointFiles.at(directory, 2));
        List<Path> files = CheckpointFiles.newestFirst(directory);

        assertThatThrownBy(() -> run(spec, directory, files, new Recording()))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STORAGE))
                .hasMessageStartingWith("No checkpoint can be gone on from: checkpoint-2.safetensors is damaged");
    }

    private static void cut(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 9));
    }

    private static RunOutcome run(RunSpec spec, Path work, List<Path> checkpoints, Recording recording) {
        try {
            Files.createDirectories(work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return FineTuning.run(spec, TinyModel.otherBatches(), checkpoints, work, recording, recording);
    }

    private static byte[] weights(Finished run) throws IOException {
        return Files.readAllBytes(run.adapterDirectory().resolve("adapter_model.safetensors"));
    }
}
