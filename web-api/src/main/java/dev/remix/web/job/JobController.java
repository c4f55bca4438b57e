package dev.remix.web.job;

import dev.remix.service.Page;
import dev.remix.service.job.Job;
import dev.remix.service.job.JobRequest;
import dev.remix.service.job.Jobs;
import dev.remix.web.Listing;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
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
            summary = "Create a job and queue it",
            description =
                    "Whatever is left out is filled in, and shown in the answer. `errors` names every field at fault:"
                            + " 400 for what no job may have, 422 for what does not fit the model, the files or another field.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = NewFineTuningJob.class),
                            examples = {
                                @ExampleObject(name = "ReMix with every default", value = """
                                        {"model": "remix-tiny", "training_file": "file-1"}"""),
                                @ExampleObject(
                                        name = "DoRA on attention and feed-forward, the best state kept",
                                        value = """
                                        {"model": "remix-tiny", "training_file": "file-1", "validation_file": "file-2",
                                         "adapter": {"type": "dora", "rank": 16, "dropout": 0.05,
                                           "targets": ["q_proj", "v_proj", "gate_proj", "up_proj", "down_proj"]},
                                         "training": {"keep_best": true, "early_stopping": {"patience": 3, "min_delta": 0.001}}}"""),
                                @ExampleObject(name = "MixLoRA, routed at each token", value = """
                                        {"model": "remix-tiny", "training_file": "file-1",
                                         "adapter": {"type": "mixlora", "loras": 8, "active": 2, "routing": "token",
                                           "targets": ["q_proj", "v_proj"]}}""")
                            }))
    @ApiResponse(responseCode = "200", description = "The job, queued")
    @ApiResponse(responseCode = "422", ref = "UnprocessableContent")
    @PostMapping
    FineTuningJob create(@RequestBody JsonNode body) {
        return shown.show(jobs.create(JobRequest.read(body)));
    }

    @Operation(
            operationId = "listFineTuningJobs",
            summary = "List jobs, newest first",
            description = "`metadata[key]=value`, any number of times, keeps the jobs that carry it.")
    @GetMapping
    Listing<FineTuningJob> list(
            @Parameter(description = "Begin after this job") @RequestParam @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @Parameter(hidden = true) @RequestParam Map<String, String> parameters) {
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
            summary = "Cancel a job",
            description =
                    "A running one ends once its worker has kept a checkpoint; until then `requested` is `cancel`.")
    @ApiResponse(responseCode = "200", description = "The job as it is now")
    @ApiResponse(responseCode = "409", ref = "Conflict")
    @PostMapping("/{id}/cancel")
    FineTuningJob cancel(@PathVariable String id) {
        return shown.show(jobs.cancel(id));
    }

    @Operation(
            operationId = "pauseFineTuningJob",
            summary = "Put a job aside",
            description =
                    "A running one stops once its worker has kept a checkpoint; until then `requested` is `pause`.")
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
