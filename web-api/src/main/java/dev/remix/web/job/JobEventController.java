package dev.remix.web.job;

import dev.remix.service.Page;
import dev.remix.service.job.JobEvent;
import dev.remix.service.job.JobEvents;
import dev.remix.service.job.Jobs;
import dev.remix.web.Listing;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What happened to a job, as a list or live. */
@Tag(name = "Fine-tuning")
@RestController
@RequestMapping("/v1/fine_tuning/jobs/{id}/events")
class JobEventController {
    private final Jobs jobs;
    private final JobEvents events;
    private final EventStreams streams;

    JobEventController(Jobs jobs, JobEvents events, EventStreams streams) {
        this.jobs = jobs;
        this.events = events;
        this.streams = streams;
    }

    @Operation(
            operationId = "listFineTuningEvents",
            summary = "List a job's events, newest first, or follow them live",
            description =
                    "With `Accept: text/event-stream` the events come oldest first, those that happened already and"
                            + " then each as it happens, until the job has ended. `Last-Event-ID` goes on after the event that it"
                            + " names.")
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    Listing<FineTuningJobEvent> list(
            @PathVariable String id,
            @Parameter(description = "Begin after this event") @RequestParam @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit) {
        jobs.get(id);
        long before = after == null ? Long.MAX_VALUE : JobEvent.number(id, after);
        Page<JobEvent> page = Page.of(events.before(id, before, limit + 1), limit);
        return Listing.of(page.map(FineTuningJobEvent::of), FineTuningJobEvent::id);
    }

    /** Oldest first, from the beginning or after the event that {@code Last-Event-ID} names. */
    @Operation(operationId = "listFineTuningEvents")
    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter follow(
            @PathVariable String id, @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last) {
        jobs.get(id);
        return streams.open(id, last == null ? 0 : JobEvent.number(id, last));
    }
}
