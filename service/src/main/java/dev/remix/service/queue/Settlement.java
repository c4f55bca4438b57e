package dev.remix.service.queue;

import dev.remix.protocol.FailureKind;
import dev.remix.protocol.Outcome;
import dev.remix.service.Refusal;
import dev.remix.service.job.Attempt;
import dev.remix.service.job.AttemptEnd;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Attempts;
import dev.remix.service.job.Failure;
import dev.remix.service.job.Job;
import dev.remix.service.job.JobResult;
import dev.remix.service.job.Jobs;
import dev.remix.service.model.FinetunedModel;
import dev.remix.service.model.ModelFile;
import dev.remix.service.model.Models;
import dev.remix.service.model.Publication;
import dev.remix.service.telemetry.RoutingBalance;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Ends attempts, and moves their jobs on accordingly, in one transaction. */
@Service
public class Settlement {
    private final Attempts attempts;
    private final Jobs jobs;
    private final AdapterFiles adapterFiles;
    private final Models models;
    private final RoutingBalance balance;
    private final RetryPolicy retryPolicy;
    private final Clock clock;

    Settlement(
            Attempts attempts,
            Jobs jobs,
            AdapterFiles adapterFiles,
            Models models,
            RoutingBalance balance,
            RetryPolicy retryPolicy,
            Clock clock) {
        this.attempts = attempts;
        this.jobs = jobs;
        this.adapterFiles = adapterFiles;
        this.models = models;
        this.balance = balance;
        this.retryPolicy = retryPolicy;
        this.clock = clock;
    }

    /**
     * Takes a worker's last word. The same word a second time changes nothing.
     *
     * @throws Refusal {@code lease_lost} when the attempt has ended otherwise
     */
    @Transactional
    public void settle(AttemptId id, Outcome outcome) {
        if (isRepeat(id, outcome)) {
            return;
        }
        attempts.hold(id);
        switch (outcome) {
            case Outcome.Succeeded(Outcome.Result result) -> succeed(id, result);
            case Outcome.Failed(FailureKind kind, String detail, String hint) ->
                fail(id, new Failure(kind, detail, hint));
            case Outcome.Cancelled _ -> cancel(id);
            case Outcome.Stopped _ -> stop(id);
        }
    }

    private boolean isRepeat(AttemptId id, Outcome outcome) {
        String word = outcome.getClass().getSimpleName();
        return attempts.find(id)
                .map(Attempt::outcome)
                .filter(word::equalsIgnoreCase)
                .isPresent();
    }

    private void succeed(AttemptId id, Outcome.Result result) {
        List<ModelFile> files = adapterFiles.of(id);
        if (files.isEmpty()) {
            throw Refusal.of(
                    Refusal.Kind.UNPROCESSABLE,
                    "adapter_missing",
                    "No file of the adapter was uploaded before success.");
        }
        attempts.end(id, new AttemptEnd.Succeeded());
        Job job = jobs.lock(id.jobId());
        FinetunedModel model = models.publish(new Publication(
                job.id(),
                job.spec().model().id(),
                job.spec().model().revision(),
                job.suffix().orElse(null),
                files));
        job.succeed(result(job, result, files), model.id(), clock.instant());
        jobs.save(job);
    }

    private JobResult result(Job job, Outcome.Result result, List<ModelFile> files) {
        List<JobResult.AdapterFile> adapter = files.stream()
                .map(file -> new JobResult.AdapterFile(
                        file.name(), file.content().sha256(), file.content().bytes()))
                .toList();
        return JobResult.of(
                result,
                adapter,
                balance.summary(job.id(), result.forcedRouting()).orElse(null));
    }

    /** Ends a live attempt by a failure: what its kind says about retries decides where the job goes. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void fail(AttemptId id, Failure failure) {
        attempts.end(id, new AttemptEnd.Failed(failure));
        Job job = jobs.lock(id.jobId());
        Instant now = clock.instant();
        if (job.requested().isPresent() && failure.kind().retryable()) {
            job.stop(now);
        } else if (retryPolicy.retries(job, failure)) {
            job.retry(failure, now, now.plus(retryPolicy.backoff(job)));
        } else {
            job.fail(failure, now);
        }
        jobs.save(job);
    }

    private void cancel(AttemptId id) {
        attempts.end(id, new AttemptEnd.Cancelled());
        Job job = jobs.lock(id.jobId());
        job.cancel(clock.instant());
        jobs.save(job);
    }

    private void stop(AttemptId id) {
        attempts.end(id, new AttemptEnd.Stopped());
        Job job = jobs.lock(id.jobId());
        job.stop(clock.instant());
        jobs.save(job);
    }
}
