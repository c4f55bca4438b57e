package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.text.Batch;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The optimizer steps of a run: batch, step, report, and now and then an evaluation and a checkpoint. */
final class TrainingLoop {
    private final Trainee trainee;
    private final Batches batches;
    private final RunSpec.Options options;
    private final int totalSteps;
    private final LearningRate learningRate;
    private final @Nullable LossEvaluation validation;
    private final RunListener listener;
    private final Path workDirectory;
    private int checkpointed = -1;

    TrainingLoop(
            Trainee trainee,
            Batches batches,
            RunSpec.Options options,
            @Nullable LossEvaluation validation,
            RunListener listener,
            Path workDirectory) {
        this.trainee = trainee;
        this.batches = batches;
        this.options = options;
        this.totalSteps = totalSteps(batches, options);
        this.learningRate = LearningRate.of(options, totalSteps);
        this.validation = validation;
        this.listener = listener;
        this.workDirectory = workDirectory;
    }

    private static int totalSteps(Batches batches, RunSpec.Options options) {
        int steps = Math.multiplyExact(batches.stepsPerEpoch(), options.epochs());
        return options.maxSteps() == null ? steps : Math.min(steps, options.maxSteps());
    }

    int totalSteps() {
        return totalSteps;
    }

    /** Runs until all steps are done or {@code control} says otherwise. */
    Progress run(Progress start, RunControl control) {
        Progress progress = start;
        while (progress.step() < totalSteps) {
            switch (control.signal()) {
                case CONTINUE -> progress = step(progress);
                case STOP -> {
                    if (checkpointed != progress.step()) {
                        checkpoint(progress);
                    }
                    return progress;
                }
                case ABANDON -> {
                    return progress;
                }
            }
        }
        return progress;
    }

    private Progress step(Progress before) {
        int step = before.step() + 1;
        StepReport report = train(step);
        Progress progress = before.after(report);
        listener.onStep(report);
        evaluate(step);
        if (step % options.checkpointEverySteps() == 0) {
            checkpoint(progress);
        }
        return progress;
    }

    /** The listener owns the file from here on, so no step is written twice. */
    private void checkpoint(Progress progress) {
        listener.onCheckpoint(progress.step(), Checkpoints.write(workDirectory, trainee, progress));
        checkpointed = progress.step();
    }

    private StepReport train(int step) {
        long begin = System.nanoTime();
        Batch batch = batches.at(step);
        double rate = learningRate.at(step);
        StepFigures figures = trainee.step(new StepInputs(batch, step, rate));
        if (!figures.finite()) {
            throw new EngineException(Kind.DIVERGED, divergence(step, figures));
        }
        return new StepReport(
                step,
                totalSteps,
                (double) step / batches.stepsPerEpoch(),
                figures.loss(),
                rate,
                figures.gradientNorm(),
                figures.routerGradientNorm(),
                batch.tokenCount(),
                (System.nanoTime() - begin) / 1e9,
                figures.draws(),
                figures.sites());
    }

    private String divergence(int step, StepFigures figures) {
        return String.format(
                Locale.ROOT,
                "Training diverged at step %d of %d: loss %s, gradient norm %s; try a lower learning rate than %s.",
                step,
                totalSteps,
                figures.loss(),
                figures.gradientNorm(),
                options.learningRate());
    }

    private void evaluate(int step) {
        if (validation != null && (step % options.evaluateEverySteps() == 0 || step == totalSteps)) {
            listener.onPhase(RunListener.Phase.EVALUATING);
            listener.onEvaluation(validation.report(trainee, step));
            listener.onPhase(RunListener.Phase.TRAINING);
        }
    }
}
