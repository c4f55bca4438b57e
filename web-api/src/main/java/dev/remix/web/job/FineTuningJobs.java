package dev.remix.web.job;

import dev.remix.protocol.JobSpec;
import dev.remix.service.job.Attempts;
import dev.remix.service.job.Job;
import dev.remix.service.job.JobState;
import dev.remix.service.queue.JobQueue;
import dev.remix.service.telemetry.JobProgress;
import dev.remix.service.telemetry.Progress;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Shows a job with all that is known of it. */
@Component
class FineTuningJobs {
    private static final String ORGANIZATION = "org-remix";

    private final Attempts attempts;
    private final Progress progress;
    private final JobQueue queue;
    private final Clock clock;

    FineTuningJobs(Attempts attempts, Progress progress, JobQueue queue, Clock clock) {
        this.attempts = attempts;
        this.progress = progress;
        this.queue = queue;
        this.clock = clock;
    }

    FineTuningJob show(Job job) {
        JobSpec spec = job.spec();
        JobProgress progressed = progress.of(job);
        FineTuningJob.Hyperparameters hyperparameters = new FineTuningJob.Hyperparameters(
                spec.options().epochs(), spec.options().batchSize(), job.learningRateMultiplier());
        return new FineTuningJob(
                job.id(),
                "fine_tuning.job",
                job.createdAt().getEpochSecond(),
                FineTuningJob.seconds(job.finishedAt().orElse(null)),
                spec.model().id(),
                job.fineTunedModel().orElse(null),
                ORGANIZATION,
                status(job.state()),
                spec.training().fileId(),
                fileId(spec.validation()),
                fileId(spec.test()),
                List.of(),
                spec.seed(),
                job.result().map(result -> result.metrics().trainedTokens()).orElse(null),
                estimatedFinish(job, progressed),
                hyperparameters,
                FineTuningJob.Method.supervised(hyperparameters),
                spec.adapter(),
                FineTuningJob.Training.of(spec),
                job.metadata(),
                List.of(),
                job.priority(),
                job.maxAttempts(),
                spec.model().revision(),
                job.requested()
                        .map(request -> request.name().toLowerCase(Locale.ROOT))
                        .orElse(null),
                progressed,
                queue.position(job).orElse(null),
                attempts.of(job.id()).stream()
                        .map(FineTuningJob.AttemptBody::of)
                        .toList(),
                job.failure().map(FineTuningJob.ErrorBody::of).orElse(null),
                job.result().orElse(null));
    }

    /** OpenAI's name for a state. */
    static String status(JobState state) {
        return state == JobState.VALIDATING ? "validating_files" : state.text();
    }

    private static @Nullable String fileId(JobSpec.@Nullable DataSet file) {
        return file == null ? null : file.fileId();
    }

    private @Nullable Long estimatedFinish(Job job, JobProgress progressed) {
        Double eta = progressed.etaSeconds();
        return job.state() == JobState.RUNNING && eta != null
                ? Long.valueOf(clock.instant().getEpochSecond() + Math.round(eta))
                : null;
    }
}
