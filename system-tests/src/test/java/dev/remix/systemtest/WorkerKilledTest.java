package dev.remix.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(600)
class WorkerKilledTest {
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration PLENTY = Duration.ofMinutes(4);

    @RegisterExtension
    static final RunningService service = RunningService.with(
            "remix.queue.lease=" + LEASE.toSeconds() + "s", "remix.queue.heartbeat=1s", "remix.queue.backoff=1s");

    @Test
    void jobOfAKilledWorkerFinishesAsIfNothingHadHappened() {
        var api = service.api();
        var file = api.upload(Installation.dataSet("train.jsonl"), "fine-tune");
        var undisturbed = api.createJob(SmallJob.on(file));
        api.awaitSuccess(undisturbed, PLENTY);

        var job = api.createJob(SmallJob.on(file));
        api.awaitStep(job, SmallJob.CHECKPOINT_EVERY + 2, PLENTY);
        service.processes().workers().forEach(ProcessHandle::destroyForcibly);

        api.awaitJob(
                job,
                "taken from the killed worker within a lease",
                LEASE.plusSeconds(2),
                seen -> !seen.path("attempts").path(0).path("status").asString().equals("running"));
        var finished = api.awaitSuccess(job, PLENTY);

        assertThat(finished.path("attempts")).hasSize(2);
        assertThat(finished.path("attempts").path(0).path("failure").asString()).isEqualTo("worker_lost");
        assertThat(finished.path("attempts").path(1).path("resumed_from_step").asInt())
                .isGreaterThanOrEqualTo(SmallJob.CHECKPOINT_EVERY);
        assertThat(api.metrics(job).stream().map(point -> point.path("step").asInt()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, SmallJob.STEPS).boxed().toList());
        assertThat(api.losses(job)).isEqualTo(api.losses(undisturbed));
    }
}
