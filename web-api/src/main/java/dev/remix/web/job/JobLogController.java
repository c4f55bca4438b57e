package dev.remix.web.job;

import dev.remix.protocol.LogLine;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Job;
import dev.remix.service.job.Jobs;
import dev.remix.service.telemetry.WorkerLogs;
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

/** The workers' own logs. */
@Tag(name = "Fine-tuning")
@RestController
class JobLogController {
    private final Jobs jobs;
    private final WorkerLogs logs;

    JobLogController(Jobs jobs, WorkerLogs logs) {
        this.jobs = jobs;
        this.logs = logs;
    }

    /** Lines of one attempt, oldest first. */
    record Log(String object, String jobId, int attempt, List<LogLine> data) {}

    @Operation(
            operationId = "retrieveFineTuningLog",
            summary = "The end of a worker's log, of the last attempt unless another is asked for")
    @GetMapping("/v1/fine_tuning/jobs/{id}/logs")
    Log log(
            @PathVariable String id,
            @RequestParam @Nullable @Min(1) Integer attempt,
            @RequestParam(defaultValue = "200") @Min(1) @Max(10_000) int tail) {
        Job job = jobs.get(id);
        int number = attempt == null ? job.attempt() : attempt;
        return new Log("fine_tuning.job.log", id, number, logs.tail(new AttemptId(id, number), tail));
    }
}
