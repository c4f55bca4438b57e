package dev.remix.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(600)
class ServiceKilledTest {
    private static final int STEPS = 300;
    private static final Duration PLENTY = Duration.ofMinutes(4);

    /** The lease outlasts a restart, so that the training has no reason to begin again. */
    @RegisterExtension
    static final RunningService service = RunningService.with("remix.queue.lease=60s", "remix.queue.heartbeat=1s");

    @Test
    void trainingOutlivesAServiceThatIsKilled() {
        var file = service.api().upload(Installation.dataSet("train.jsonl"), "fine-tune");
        var job = service.api().createJob(SmallJob.on(file, STEPS));
        service.api().awaitStep(job, 5, PLENTY);
        var worker = service.processes().workers().getFirst();

        service.kill();
        assertThat(worker.isAlive()).isTrue();
        service.start();

        var finished = service.api().awaitSuccess(job, PLENTY);
        assertThat(finished.path("attempts")).hasSize(1);
        assertThat(service.api().metrics(job).stream()
                        .map(point -> point.path("step").asInt()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, STEPS).boxed().toList());
        assertThat(service.api().get("/v1/files/" + file).status()).isEqualTo(200);
    }
}
