package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.checkpoint.Checkpoint;
import dev.remix.engine.checkpoint.CheckpointFiles;
import dev.remix.engine.decoder.ModelDirectory;
import dev.remix.engine.generate.ExactMatch.Answer;
import dev.remix.engine.train.Examination.Result;
import dev.remix.engine.train.RunListener.Phase;
import dev.remix.engine.train.RunOutcome.ForcedRouting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Examine, train, examine again, save. */
final class Run {
    private final RunSpec spec;
    private final Trainee trainee;
    private final RunData data;
    private final Checkpoints checkpoints;
    private final TrainingLoop loop;
    private final Path workDirectory;
    private final RunListener listener;

    Run(RunSpec spec, Batches batches, Trainee trainee, RunData data, Path workDirectory, RunListener listener) {
        this.spec = spec;
        this.trainee = trainee;
        this.data = data;
        this.checkpoints = new Checkpoints(workDirectory, trainee);
        this.loop = new TrainingLoop(trainee, batches, spec.options(), data.validation(), listener, checkpoints);
        this.workDirectory = workDirectory;
        this.listener = listener;
    }

    /** @param newestFirst checkpoints to go on from the first whole one of; none to begin at the beginning */
    RunOutcome go(List<Path> newestFirst, RunControl control) {
        Progress start = newestFirst.isEmpty() ? begin() : resume(newestFirst);
        listener.onPhase(Phase.TRAINING);
        Progress end = loop.run(start, control);
        return loop.isOver(end) ? finish(end) : new RunOutcome.Stopped(end.step());
    }

    private Progress resume(List<Path> newestFirst) {
        List<EngineException> damaged = new ArrayList<>();
        Checkpoint whole = CheckpointFiles.newestWhole(newestFirst, damaged::add)
                .orElseThrow(() -> new EngineException(
                        Kind.STORAGE,
                        "No checkpoint can be gone on from: "
                                + damaged.getFirst().getMessage()));
        Progress progress = checkpoints.restore(whole, spec.identity());
        damaged.forEach(problem -> listener.onNote(
                progress.step(),
                problem.getMessage() + " Going on from the checkpoint of step " + progress.step() + "."));
        return progress;
    }

    private Progress begin() {
        Result before = examine(0);
        return before == null
                ? Progress.begin(spec.identity(), null, List.of())
                : Progress.begin(
                        spec.identity(),
                        before.report(),
                        before.shown().stream().map(Answer::answer).toList());
    }

    private RunOutcome finish(Progress end) {
        int stateOf = stateOfResult(end);
        if (end.validation().outOfPatience(spec.options().stopping())) {
            listener.onNote(
                    end.step(),
                    "Stopped early: the validation loss has not improved for %d evaluations."
                            .formatted(end.validation().without()));
        }
        if (stateOf != end.step()) {
            checkpoints.takeBest();
            listener.onNote(
                    end.step(),
                    "The result is the state of step %d, which had the lowest validation loss.".formatted(stateOf));
        }
        Result after = examine(stateOf);
        ForcedRouting forced = forcedRouting();
        listener.onPhase(Phase.SAVING);
        return new RunOutcome.Finished(
                save(),
                end.step(),
                stateOf,
                end.lossFirst(),
                end.lossLast(),
                end.seconds(),
                end.tokens(),
                end.before(),
                after == null ? null : after.report(),
                after == null ? List.of() : Examination.samples(end.answersBefore(), after.shown()),
                forced);
    }

    private int stateOfResult(Progress end) {
        int best = end.validation().bestStep();
        return spec.options().stopping().keepBest() && best > 0 ? best : end.step();
    }

    private @Nullable Result examine(int step) {
        if (data.test() == null) {
            return null;
        }
        listener.onPhase(Phase.EVALUATING);
        Result result = data.test().of(trainee, step);
        listener.onEvaluation(result.report());
        return result;
    }

    private @Nullable ForcedRouting forcedRouting() {
        LossEvaluation examples = data.heldOut();
        return spec.adapter() instanceof AdapterSpec.Remix && examples != null
                ? new ForcedRoutings(trainee.replica(), examples).losses()
                : null;
    }

    private Path save() {
        Path directory = workDirectory.resolve("result");
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, "The result can't be written: " + e.getMessage(), e);
        }
        trainee.save(directory, String.valueOf(spec.modelDirectory().getFileName()));
        if (spec.adapter() instanceof AdapterSpec.FullParameters) {
            ModelDirectory.copySurroundings(spec.modelDirectory(), directory);
        }
        return directory;
    }
}
