package dev.remix.web.job;

import dev.remix.service.Page;
import dev.remix.service.job.Job;
import dev.remix.service.job.JobRequest;
import dev.remix.service.job.Jobs;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Jobs: created, found, and told what to do. */
@Tag(name = "Fine-tuning")
@RestController
@RequestMapping("/v1/fine_tuning/jobs")
class JobController {
    private final Jobs jobs;
    private final FineTuningJobs shown;

    JobController(Jobs jobs, FineTuningJobs shown) {
        this.jobs = jobs;
        this.shown = shown;
    }

    @Operation(
            operationId = "createFineTuningJob",
            summary = "Create a job and queue it; every value left out is resolved and shown in the answer")
    @ApiResponse(responseCode = "200", description = "The job, queued")
    @ApiResponse(responseCode = "422", ref = "UnprocessableContent")
    @PostMapping
    FineTuningJob create(@RequestBody JsonNode body) {
        return shown.show(jobs.create(JobRequest.read(body)));
    }

    @Operation(
            operationId = "listFineTuningJobs",
            summary = "List jobs, newest first; metadata[key]=value keeps those that carry it")
    @GetMapping
    Listing<FineTuningJob> list(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam Map<String, String> parameters) {
        Page<Job> page = jobs.list(after, limit, metadata(parameters));
        return Listing.of(page.map(shown::show), FineTuningJob::id);
    }

    private static Map<String, String> metadata(Map<String, String> parameters) {
        Map<String, String> metadata = new TreeMap<>();
        parameters.forEach((name, value) -> {
            if (name.startsWith("metadata[") && name.endsWith("]")) {
                metadata.put(name.substring("metadata[".length(), name.length() - 1), value);
            }
        });
        return metadata;
    }

    @Operation(
            operationId = "retrieveFineTuningJob",
            summary = "Show a job: its resolved specification, state, progress and result")
    @GetMapping("/{id}")
    FineTuningJob get(@PathVariable String id) {
        return shown.show(jobs.get(id));
    }

    @Operation(
            operationId = "cancelFineTuningJob",
            summary = "Cancel a job; a running one ends once its worker has kept a checkpoint")
    @ApiResponse(responseCode = "200", description = "The job as it is now")
    @ApiResponse(responseCode = "409", ref = "Conflict")
    @PostMapping("/{id}/cancel")
    FineTuningJob cancel(@PathVariable String id) {
        return shown.show(jobs.cancel(id));
    }

    @Operation(
            operationId = "pauseFineTuningJob",
            summary = "Put a job aside; a running one stops once its worker has kept a checkpoint")
    @ApiResponse(responseCode = "200", description = "The job as it is now")
    @ApiResponse(responseCode = "409", ref = "Conflict")
    @PostMapping("/{id}/pause")
    FineTuningJob pause(@PathVariable String id) {
        return shown.show(jobs.pause(id));
    }

    @Operation(
            operationId = "resumeFineTuningJob",
            summary = "Queue a paused job again, to go on from its last checkpoint")
    @ApiResponse(responseCode = "200", description = "The job as it is now")
    @ApiResponse(responseCode = "409", ref = "Conflict")
    @PostMapping("/{id}/resume")
    FineTuningJob resume(@PathVariable String id) {
        return shown.show(jobs.resume(id));
    }
}
