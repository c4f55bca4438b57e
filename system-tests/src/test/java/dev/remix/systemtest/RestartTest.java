package dev.remix.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SIGTERM in mid-training, and a second start on the same data directory. */
@Timeout(600)
class RestartTest {
    private static final Duration PLENTY = Duration.ofMinutes(4);

    @RegisterExtension
    static final RunningService service =
            RunningService.with("remix.queue.lease=15s", "remix.queue.heartbeat=1s", "remix.queue.backoff=1s");

    @Test
    void nothingIsLeftRunningAndTheNextStartFindsAllJobs() {
        var api = service.api();
        var file = api.upload(Installation.dataSet("train.jsonl"), "fine-tune");
        var done = api.createJob(SmallJob.on(file, 2));
        var before = api.awaitSuccess(done, PLENTY);
        var running = api.createJob(SmallJob.on(file));
        var queued = api.createJob(SmallJob.on(file, 2));
        api.awaitStep(running, 3, PLENTY);

        service.terminate();
        assertThat(service.processes().workers()).isEmpty();
        assertThat(service.processes().postgres()).isEmpty();
        assertThat(service.processes().all()).isEmpty();

        service.start();
        assertThat(api.get("/v1/fine_tuning/jobs")
                        .body()
                        .path("data")
                        .valueStream()
                        .map(job -> job.path("id").asString()))
                .containsExactly(queued, running, done);
        assertThat(api.job(done)).isEqualTo(before);
        api.awaitSuccess(running, PLENTY);
        api.awaitSuccess(queued, PLENTY);
        assertThat(api.losses(running)).hasSize(SmallJob.STEPS);
    }
}
