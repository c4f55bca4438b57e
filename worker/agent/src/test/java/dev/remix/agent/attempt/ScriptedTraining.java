package dev.remix.agent.attempt;

import dev.remix.engine.train.RunControl;
import dev.remix.engine.train.RunControl.Signal;
import dev.remix.engine.train.RunListener;
import dev.remix.engine.train.RunOutcome;
import dev.remix.engine.train.RunSpec;
import dev.remix.engine.train.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Keeps the engine's contract without any mathematics: reports steps, obeys its control, writes small files. */
public final class ScriptedTraining implements Training {
    private final int steps;
    private final int checkpointEvery;
    private final BeforeStep beforeStep;

    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    volatile @Nullable RunSpec spec;
    volatile @Nullable String resumedFrom;
    volatile @Nullable String begunWith;
    volatile @Nullable Signal lastSignal;

    /** What a test does on the training's own thread. */
    @FunctionalInterface
    public interface BeforeStep {
        void reached(int step, RunControl control);
    }

    /** @param beforeStep runs on the training's thread before each step; where a test waits or throws */
    public ScriptedTraining(int steps, int checkpointEvery, BeforeStep beforeStep) {
        this.steps = steps;
        this.checkpointEvery = checkpointEvery;
        this.beforeStep = beforeStep;
    }

    public static ScriptedTraining of(int steps) {
        return new ScriptedTraining(steps, Integer.MAX_VALUE, (step, control) -> {});
    }

    @Override
    public RunOutcome run(
            RunSpec run, List<Path> newestFirst, Path directory, RunListener listener, RunControl control) {
        spec = run;
        started.countDown();
        try {
            resumedFrom = newestFirst.isEmpty() ? null : Files.readString(newestFirst.getFirst());
            begunWith = run.initialAdapter() == null
                    ? null
                    : Files.readString(run.initialAdapter().resolve("adapter_model.safetensors"));
            return run(directory, control, listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ended.countDown();
        }
    }

    private RunOutcome run(Path directory, RunControl control, RunListener listener) throws IOException {
        listener.onPhase(RunListener.Phase.TRAINING);
        for (int step = 1; step <= steps; step++) {
            beforeStep.reached(step, control);
            lastSignal = control.signal();
            if (lastSignal != Signal.CONTINUE) {
                if (lastSignal == Signal.STOP) checkpoint(directory, step - 1, listener);
                return new RunOutcome.Stopped(step - 1);
            }
            listener.onStep(report(step));
            if (step % checkpointEvery == 0) checkpoint(directory, step, listener);
        }
        var adapter = Files.createDirectory(directory.resolve("adapter"));
        Files.writeString(adapter.resolve("adapter_model.safetensors"), "weights");
        Files.writeString(adapter.resolve("adapter_config.json"), "{}");
        return new RunOutcome.Finished(adapter, steps, steps, 2.0, 0.5, 4.0, 100, null, null, List.of(), null);
    }

    private static void checkpoint(Path directory, int step, RunListener listener) throws IOException {
        var file = directory.resolve("checkpoint-" + step);
        Files.writeString(file, "state " + step);
        listener.onCheckpoint(step, file);
    }

    private StepReport report(int step) {
        return new StepReport(step, steps, 0.1 * step, 1.0 / step, 1e-2, 1.0, null, 10, 0.1, null, List.of());
    }
}
