package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.decoder.ModelDirectory;
import dev.remix.engine.generate.ExactMatch.Answer;
import dev.remix.engine.train.Examination.Result;
import dev.remix.engine.train.RunListener.Phase;
import dev.remix.engine.train.RunOutcome.ForcedRouting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Examine, train, examine again, save. */
final class Run {
    private final RunSpec spec;
    private final Trainee trainee;
    private final RunData data;
    private final TrainingLoop loop;
    private final Path workDirectory;
    private final RunListener listener;

    Run(RunSpec spec, Batches batches, Trainee trainee, RunData data, Path workDirectory, RunListener listener) {
        this.spec = spec;
        this.trainee = trainee;
        this.data = data;
        this.loop = new TrainingLoop(trainee, batches, spec.options(), data.validation(), listener, workDirectory);
        this.workDirectory = workDirectory;
        this.listener = listener;
    }

    RunOutcome go(@Nullable Path checkpoint, RunControl control) {
        Progress start = checkpoint == null ? begin() : Checkpoints.restore(checkpoint, trainee, spec.identity());
        listener.onPhase(Phase.TRAINING);
        Progress end = loop.run(start, control);
        return end.step() < loop.totalSteps() ? new RunOutcome.Stopped(end.step()) : finish(end);
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
        Result after = examine(end.step());
        ForcedRouting forced = forcedRouting();
        listener.onPhase(Phase.SAVING);
        return new RunOutcome.Finished(
                save(),
                end.step(),
                end.lossFirst(),
                end.lossLast(end.step()),
                end.seconds(),
                end.tokens(),
                end.before(),
                after == null ? null : after.report(),
                after == null ? List.of() : Examination.samples(end.answersBefore(), after.shown()),
                forced);
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
