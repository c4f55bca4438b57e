package dev.remix.agent.report;

import dev.remix.agent.lease.Progress;
import dev.remix.engine.train.EvaluationReport;
import dev.remix.engine.train.RunListener;
import dev.remix.engine.train.StepReport;
import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.WorkerRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Puts what the run reports where it will be sent from, and returns: the run's thread never waits for the service. */
public final class Telling implements RunListener {
    private final Progress progress;
    private final RecordSpool spool;
    private final CheckpointUploads checkpoints;

    public Telling(Progress progress, RecordSpool spool, CheckpointUploads checkpoints) {
        this.progress = progress;
        this.spool = spool;
        this.checkpoints = checkpoints;
    }

    @Override
    public void onPhase(Phase phase) {
        progress.enter(
                switch (phase) {
                    case PREPARING -> Heartbeat.Phase.PREPARING;
                    case EVALUATING -> Heartbeat.Phase.EVALUATING;
                    case TRAINING -> Heartbeat.Phase.TRAINING;
                    case SAVING -> Heartbeat.Phase.UPLOADING;
                });
    }

    @Override
    public void onStep(StepReport report) {
        tell(seq -> step(seq, report));
        progress.reached(report.step());
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        tell(seq -> new WorkerRecord.Evaluation(
                seq,
                report.step(),
                report.split().name().toLowerCase(Locale.ROOT),
                report.loss(),
                report.exactMatch(),
                report.examples()));
    }

    @Override
    public void onCheckpoint(int step, Path file) {
        try {
            checkpoints.offer(step, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For the job's event list. */
    @Override
    public void onNote(int step, String sentence) {
        tell(seq -> new WorkerRecord.Note(seq, step, "info", sentence));
    }

    private void tell(LongFunction<WorkerRecord> record) {
        try {
            spool.append(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run is asked to stop before its next step
        }
    }

    private static WorkerRecord.Step step(long seq, StepReport report) {
        return new WorkerRecord.Step(
                seq,
                report.step(),
                report.totalSteps(),
                report.epoch(),
                report.loss(),
                report.learningRate(),
                report.adapterGradientNorm(),
                report.routerGradientNorm(),
                report.tokens(),
                report.seconds(),
                draws(report.draws()),
                report.sites().stream().map(Telling::site).toList());
    }

    private static WorkerRecord.@Nullable Draws draws(StepReport.@Nullable Draws draws) {
        return draws == null
                ? null
                : new WorkerRecord.Draws(draws.lossMean(), draws.lossStddev(), draws.advantageStddev());
    }

    private static WorkerRecord.Site site(StepReport.SiteBalance site) {
        return new WorkerRecord.Site(
                site.site(),
                site.appliedEffectiveLorasMin(),
                site.appliedEffectiveLorasMax(),
                site.policyEffectiveLoras(),
                site.policyEntropy(),
                site.load(),
                site.distinctSubsets(),
                site.subsetPerplexity(),
                site.topKMass());
    }
}
