package dev.remix.web.job;

import dev.remix.service.Refusal;
import dev.remix.service.job.Jobs;
import dev.remix.service.telemetry.EvaluationMetrics;
import dev.remix.service.telemetry.StepMetrics;
import dev.remix.service.telemetry.TrainingMetrics;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The curves of a job, as JSON or as CSV. */
@Tag(name = "Fine-tuning")
@RestController
@RequestMapping("/v1/fine_tuning/jobs/{id}/metrics")
class JobMetricsController {
    private static final String LAST = "2147483647";

    private final Jobs jobs;
    private final TrainingMetrics metrics;

    JobMetricsController(Jobs jobs, TrainingMetrics metrics) {
        this.jobs = jobs;
        this.metrics = metrics;
    }

    /** Each point has {@code step} and the series asked for; a value that was not recorded is left out. */
    record Curves(
            String object,
            String jobId,
            List<String> series,
            List<Map<String, Number>> data,
            List<EvaluationMetrics> evaluations) {}

    @Operation(
            operationId = "listFineTuningMetrics",
            summary = "Loss, learning rate, gradient norms and speed by step, as JSON or CSV")
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    Curves json(
            @PathVariable String id,
            @RequestParam(name = "from_step", defaultValue = "0") @Min(0) int from,
            @RequestParam(name = "to_step", defaultValue = LAST) @Min(0) int to,
            @RequestParam @Nullable @Min(1) @Max(100_000) Integer resolution,
            @RequestParam @Nullable List<String> series) {
        jobs.get(id);
        List<Series> chosen = chosen(series);
        List<Map<String, Number>> points = metrics.steps(id, from, to, resolution).stream()
                .map(step -> point(step, chosen))
                .toList();
        return new Curves(
                "fine_tuning.job.metrics",
                id,
                chosen.stream().map(Series::text).toList(),
                points,
                metrics.evaluations(id, from, to));
    }

    @Operation(operationId = "listFineTuningMetrics")
    @GetMapping(produces = "text/csv")
    String csv(
            @PathVariable String id,
            @RequestParam(name = "from_step", defaultValue = "0") @Min(0) int from,
            @RequestParam(name = "to_step", defaultValue = LAST) @Min(0) int to,
            @RequestParam @Nullable @Min(1) @Max(100_000) Integer resolution,
            @RequestParam @Nullable List<String> series) {
        jobs.get(id);
        List<Series> chosen = chosen(series);
        String header = chosen.stream().map(Series::text).collect(Collectors.joining(",", "step,", "\n"));
        return metrics.steps(id, from, to, resolution).stream()
                .map(step -> line(step, chosen))
                .collect(Collectors.joining("", header, ""));
    }

    private static List<Series> chosen(@Nullable List<String> names) {
        if (names == null || names.isEmpty()) {
            return List.of(Series.values());
        }
        return names.stream().map(JobMetricsController::named).toList();
    }

    private static Series named(String name) {
        return Series.of(name)
                .orElseThrow(() -> Refusal.invalid(
                        "series", "unknown_value", "'%s' is none of %s.".formatted(name, Series.names())));
    }

    private static Map<String, Number> point(StepMetrics step, List<Series> chosen) {
        Map<String, Number> point = new LinkedHashMap<>();
        point.put("step", step.step());
        for (Series series : chosen) {
            Number value = series.of(step);
            if (value != null) {
                point.put(series.text(), value);
            }
        }
        return point;
    }

    private static String line(StepMetrics step, List<Series> chosen) {
        return chosen.stream()
                .map(series -> series.of(step))
                .map(value -> value == null ? "" : value.toString())
                .collect(Collectors.joining(",", step.step() + ",", "\n"));
    }
}
