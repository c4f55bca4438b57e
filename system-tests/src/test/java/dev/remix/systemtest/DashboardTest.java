package dev.remix.systemtest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped dashboard on a real Prometheus that scrapes a service at work. A query for a name that does not exist succeeds
 * and has no result, so every expression has to give a number.
 */
@Tag("prometheus")
@Timeout(600)
class DashboardTest {
    private static final Duration PLENTY = Duration.ofMinutes(3);
    private static final int MORE_STEPS_THAN_IT_TAKES = 10_000;
    private static final int MORE_EPOCHS_THAN_IT_TAKES = 100;

    @Test
    void everyExpressionGivesANumberWhileAJobTrains(@TempDir Path directory) throws Exception {
        Tool prometheus = Tool.of("prometheus", "apt-get install prometheus");
        Dashboard dashboard = Dashboard.read(Installation.home().resolve("ops/grafana/dashboards/remix.json"));
        try (RunningService service = RunningService.with("remix.queue.lease=15s", "remix.queue.heartbeat=2s")) {
            service.start();
            Path configuration = Installation.home().resolve("ops/prometheus");
            try (PrometheusServer server =
                    PrometheusServer.start(prometheus, configuration, service.url(), directory)) {
                String file = service.api().upload(Installation.dataSet("train.jsonl"), "fine-tune");
                failOnce(service, file);
                String job = service.api().createJob(longJob(file));
                awaitData(server, dashboard.with(Map.of("job", job, "site", ".*", "__rate_interval", "15s")));
            }
        }
    }

    /** Some series begin with the first job that ended, or with the first that failed. */
    private static void failOnce(RunningService service, String file) {
        Map<String, Object> request = longJob(file);
        request.put("max_attempts", 1);
        String job = service.api().createJob(request);
        service.api().awaitStep(job, 1, PLENTY);
        service.processes().workers().forEach(ProcessHandle::destroyForcibly);
        service.api()
                .awaitJob(
                        job,
                        "failed",
                        PLENTY,
                        seen -> seen.path("status").asString().equals("failed"));
    }

    private static Map<String, Object> longJob(String file) {
        Map<String, Object> job = new HashMap<>(SmallJob.on(file, MORE_STEPS_THAN_IT_TAKES));
        job.put("hyperparameters", Map.of("n_epochs", MORE_EPOCHS_THAN_IT_TAKES, "batch_size", 4));
        job.put("validation_file", file);
        return job;
    }

    private static void awaitData(PrometheusServer server, Set<String> expressions) {
        Set<String> silent = new LinkedHashSet<>(expressions);
        Await.value(
                "a number from each expression",
                PLENTY,
                () -> {
                    silent.removeIf(server::hasData);
                    return silent;
                },
                Set::isEmpty);
    }
}
