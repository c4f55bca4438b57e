package dev.remix.web.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.remix.protocol.FailureKind.Blame;
import dev.remix.protocol.JobSpec;
import dev.remix.service.job.Attempt;
import dev.remix.service.job.Failure;
import dev.remix.service.job.JobResult;
import dev.remix.service.queue.QueuePosition;
import dev.remix.service.telemetry.JobProgress;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job in OpenAI's shape, every value resolved, with what Remix adds to it; times are Unix seconds. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record FineTuningJob(
        String id,
        String object,
        long createdAt,
        @Nullable Long finishedAt,
        String model,
        @Nullable String fineTunedModel,
        String organizationId,
        String status,
        String trainingFile,
        @Nullable String validationFile,
        @Nullable String testFile,
        List<String> resultFiles,
        long seed,
        @Nullable Long trainedTokens,
        @Nullable Long estimatedFinish,
        Hyperparameters hyperparameters,
        Method method,
        JobSpec.Adapter adapter,
        Training training,
        Map<String, String> metadata,
        List<Object> integrations,
        int priority,
        int maxAttempts,
        String modelRevision,

        @Schema(description = "What a running job was asked for and has not done yet: pause or cancel") @Nullable
        String requested,

        JobProgress progress,
        @Nullable QueuePosition queue,
        List<AttemptBody> attempts,
        @Nullable ErrorBody error,
        @Nullable JobResult result) {

    record Hyperparameters(@JsonProperty("n_epochs") int epochs, int batchSize, double learningRateMultiplier) {}

    record Method(String type, Supervised supervised) {
        static Method supervised(Hyperparameters hyperparameters) {
            return new Method("supervised", new Supervised(hyperparameters));
        }
    }

    record Supervised(Hyperparameters hyperparameters) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Training(
            double learningRate,
            @Nullable Integer maxSteps,
            int maxSequenceLength,
            String precision,
            double warmupRatio,
            String schedule,
            double weightDecay,
            double maxGradientNorm,
            int checkpointEverySteps,
            int evaluateEverySteps,
            int maxNewTokens,

            @Schema(description = "Null where the worker chooses what suits its device") @Nullable
            Integer microBatchTokens,

            boolean recompute,
            int replicas,

            @Schema(description = "Null where every step is run") @Nullable
            EarlyStopping earlyStopping,

            boolean keepBest,

            @Schema(description = "The finetuned model that it began with") @Nullable
            String initialModel) {
        static Training of(JobSpec spec) {
            JobSpec.Options options = spec.options();
            JobSpec.InitialModel initial = spec.initialModel();
            return new Training(
                    options.learningRate(),
                    options.maxSteps(),
                    options.maxSequenceLength(),
                    options.precision(),
                    options.warmupRatio(),
                    options.schedule(),
                    options.weightDecay(),
                    options.maxGradientNorm(),
                    options.checkpointEverySteps(),
                    options.evaluateEverySteps(),
                    options.maxNewTokens(),
                    options.execution().microBatchTokens(),
                    options.execution().recompute(),
                    options.execution().replicas(),
                    EarlyStopping.of(options.stopping()),
                    options.stopping().keepBest(),
                    initial == null ? null : initial.id());
        }
    }

    record EarlyStopping(int patience, double minDelta) {
        static @Nullable EarlyStopping of(JobSpec.Stopping stopping) {
            return stopping.patience() == 0 ? null : new EarlyStopping(stopping.patience(), stopping.minDelta());
        }
    }

    /** {@code status} is {@code running} until the attempt has ended; {@code failure} is a code of the taxonomy. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record AttemptBody(
            int number,
            String status,
            String worker,
            String device,
            String phase,
            long startedAt,
            @Nullable Long endedAt,
            int resumedFromStep,
            int step,
            @Nullable String failure,
            @Nullable String detail) {
        static AttemptBody of(Attempt attempt) {
            return new AttemptBody(
                    attempt.number(),
                    attempt.outcome() == null ? "running" : attempt.outcome(),
                    attempt.worker(),
                    attempt.device(),
                    attempt.phase(),
                    attempt.startedAt().getEpochSecond(),
                    seconds(attempt.endedAt()),
                    attempt.resumedFrom(),
                    attempt.step(),
                    attempt.failureKind() == null ? null : lower(attempt.failureKind()),
                    attempt.failureDetail());
        }
    }

    /** Why it failed, who has to act, whether another try could end differently, and what to change. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ErrorBody(
            String code,
            String message,
            @Nullable String param,
            @JsonProperty("class") String blame,
            boolean retryable,
            @Nullable String hint) {
        static ErrorBody of(Failure failure) {
            Blame blame = failure.kind().blame();
            return new ErrorBody(
                    lower(failure.kind()),
                    failure.detail(),
                    null,
                    lower(blame),
                    failure.kind().retryable(),
                    failure.hint());
        }
    }

    static @Nullable Long seconds(@Nullable Instant at) {
        return at == null ? null : Long.valueOf(at.getEpochSecond());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
