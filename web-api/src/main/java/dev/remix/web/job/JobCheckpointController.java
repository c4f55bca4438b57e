package dev.remix.web.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.remix.service.Page;
import dev.remix.service.job.Job;
import dev.remix.service.job.Jobs;
import dev.remix.service.queue.Checkpoint;
import dev.remix.service.queue.Checkpoints;
import dev.remix.service.telemetry.EvaluationMetrics;
import dev.remix.service.telemetry.TrainingMetrics;
import dev.remix.web.Listing;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The checkpoints of a job that are kept. */
@Tag(name = "Fine-tuning")
@RestController
class JobCheckpointController {
    private final Jobs jobs;
    private final Checkpoints checkpoints;
    private final TrainingMetrics metrics;

    JobCheckpointController(Jobs jobs, Checkpoints checkpoints, TrainingMetrics metrics) {
        this.jobs = jobs;
        this.checkpoints = checkpoints;
        this.metrics = metrics;
    }

    /** A checkpoint in OpenAI's shape, with its content's hash and size. */
    record FineTuningJobCheckpoint(
            String id,
            String object,
            long createdAt,
            String fineTuningJobId,
            String fineTunedModelCheckpoint,
            int stepNumber,
            Metrics metrics,
            String sha256,
            long bytes) {}

    /** Losses at the checkpoint's step, as far as they were recorded. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Metrics(
            int step, @Nullable Double trainLoss, @Nullable Double validLoss) {}

    @Operation(operationId = "listFineTuningCheckpoints", summary = "List the kept checkpoints, newest first")
    @GetMapping("/v1/fine_tuning/jobs/{id}/checkpoints")
    Listing<FineTuningJobCheckpoint> list(
            @PathVariable String id,
            @RequestParam @Nullable String after,
            @RequestParam(defaultValue = "10") @Min(1) @Max(100) int limit) {
        Job job = jobs.get(id);
        List<Checkpoint> older = checkpoints.of(id).stream()
                .dropWhile(checkpoint -> after != null && checkpoint.id().compareTo(after) >= 0)
                .limit(limit + 1L)
                .toList();
        return Listing.of(Page.of(older, limit).map(checkpoint -> show(job, checkpoint)), FineTuningJobCheckpoint::id);
    }

    private FineTuningJobCheckpoint show(Job job, Checkpoint checkpoint) {
        return new FineTuningJobCheckpoint(
                checkpoint.id(),
                "fine_tuning.job.checkpoint",
                checkpoint.createdAt().getEpochSecond(),
                job.id(),
                "%s:ckpt-step-%d".formatted(job.fineTunedModel().orElse(job.id()), checkpoint.step()),
                checkpoint.step(),
                metrics(job.id(), checkpoint.step()),
                checkpoint.content().sha256(),
                checkpoint.content().bytes());
    }

    private Metrics metrics(String jobId, int step) {
        Double trainLoss = metrics.steps(jobId, step, step, null).stream()
                .findFirst()
                .map(recorded -> Double.valueOf(recorded.loss()))
                .orElse(null);
        Double validLoss = metrics.evaluations(jobId, step, step).stream()
                .filter(evaluation -> evaluation.split().equals("validation"))
                .findFirst()
                .map(EvaluationMetrics::loss)
                .orElse(null);
        return new Metrics(step, trainLoss, validLoss);
    }
}
