package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunSpec.Stopping;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The optimizer steps of a run: batch, step, report, and now and then an evaluation and a checkpoint. */
final class TrainingLoop {
    private final Trainee trainee;
    private final Batches batches;
    private final RunSpec.Options options;
    private final Stopping stopping;
    private final int totalSteps;
    private final LearningRate learningRate;
    private final @Nullable LossEvaluation validation;
    private final RunListener listener;
    private final Checkpoints checkpoints;
    /** Step of the last checkpoint, -1 before the first. */
    private int checkpointed = -1;

    TrainingLoop(
            Trainee trainee,
            Batches batches,
            RunSpec.Options options,
            @Nullable LossEvaluation validation,
            RunListener listener,
            Checkpoints checkpoints) {
        this.trainee = trainee;
        this.batches = batches;
        this.options = options;
        this.stopping = options.stopping();
        this.totalSteps = totalSteps(batches, options);
        this.learningRate = LearningRate.of(options, totalSteps);
        this.validation = validation;
        this.listener = listener;
        this.checkpoints = checkpoints;
    }

    static int totalSteps(Batches batches, RunSpec.Options options) {
        int steps = Math.multiplyExact(batches.stepsPerEpoch(), options.epochs());
        return options.maxSteps() == null ? steps : Math.min(steps, options.maxSteps());
    }

    /** Whether nothing is left to do: all steps ran, or the validation's loss has not improved for long enough. */
    boolean isOver(Progress progress) {
        return progress.step() >= totalSteps || progress.validation().outOfPatience(stopping);
    }

    /** Runs until the training is over or {@code control} says otherwise. */
    Progress run(Progress start, RunControl control) {
        Progress progress = start;
        while (!isOver(progress)) {
            switch (control.signal()) {
                case CONTINUE -> progress = step(progress);
                case STOP -> {
                    checkpointIfNew(progress);
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
        StepReport report = train(before);
        listener.onStep(report);
        Progress progress = evaluated(before.after(report));
        if (step % options.checkpointEverySteps() == 0) {
            checkpoint(progress);
        }
        return progress;
    }

    /** The listener owns the file from here on, so no step is written twice. */
    private void checkpoint(Progress progress) {
        boolean withBest = stopping.keepBest() && progress.validation().bestStep() > 0;
        listener.onCheckpoint(progress.step(), checkpoints.write(progress, withBest));
        checkpointed = progress.step();
    }

    private void checkpointIfNew(Progress progress) {
        if (checkpointed != progress.step()) {
            checkpoint(progress);
        }
    }

    private StepReport train(Progress before) {
        long begin = System.nanoTime();
        int step = before.step() + 1;
        Batch batch = batches.at(step);
        double rate = learningRate.at(step);
        StepFigures figures = trainee.step(new StepInputs(batch, step, rate));
        if (figures.diverged(stopping)) {
            throw divergence(before, figures);
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

    /**
     * The step changed nothing, so the state is that of the step before. It is kept unless its own loss is what was too high:
     * then an older checkpoint is better.
     */
    private EngineException divergence(Progress before, StepFigures figures) {
        if (before.step() > 0 && !figures.finite()) {
            checkpointIfNew(before);
        }
        String kept =
                checkpointed > 0 ? "the last good checkpoint is of step " + checkpointed : "no step before is kept";
        return new EngineException(
                Kind.DIVERGED,
                String.format(
                        Locale.ROOT,
                        "Training diverged at step %d of %d: loss %s, gradient norm %s%s; "
                                + "try a lower learning rate than %s, or more warm-up; %s.",
                        before.step() + 1,
                        totalSteps,
                        figures.loss(),
                        figures.gradientNorm(),
                        figures.routerGradientNorm() == null ? "" : ", the routers' " + figures.routerGradientNorm(),
                        options.learningRate(),
                        kept));
    }

    private Progress evaluated(Progress progress) {
        int step = progress.step();
        if (validation == null || (step % options.evaluateEverySteps() != 0 && step != totalSteps)) {
            return progress;
        }
        listener.onPhase(RunListener.Phase.EVALUATING);
        EvaluationReport report = validation.report(trainee, step);
        listener.onEvaluation(report);
        Progress evaluated = progress.after(report, stopping);
        if (stopping.keepBest() && evaluated.validation().bestStep() == step) {
            checkpoints.keepBest();
        }
        listener.onPhase(RunListener.Phase.TRAINING);
        return evaluated;
    }
}
