package dev.remix.service.telemetry;

import static dev.remix.fixture.SampleJobs.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.SampleRecords;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Meters;
import dev.remix.protocol.Outcome;
import dev.remix.protocol.WorkerRecord;
import dev.remix.service.queue.QueueMeters;
import dev.remix.service.queue.Settlement;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@ServiceTest
@Import(SampleJobs.class)
class TrainingMetersTest {
    @Autowired
    private SampleJobs sample;

    @Autowired
    private Records records;

    @Autowired
    private Settlement settlement;

    @Autowired
    private TrainingMeters meters;

    @Autowired
    private QueueMeters queueMeters;

    @Autowired
    private RunningJobs runningJobs;

    @Autowired
    private MeterRegistry registry;

    @Test
    void showARunningJobAndForgetItWhenItEnds() {
        Claim.Grant grant = sample.running();
        records.ingest(id(grant), SampleRecords.steps(1, 1, 4));
        records.ingest(id(grant), List.of(new WorkerRecord.Evaluation(5, 4, "validation", 1.25, null, 10)));
        meters.refresh();

        assertThat(gauge(registry, Meters.TRAINING_LOSS, grant, Meters.SPLIT, "train"))
                .isEqualTo(1.0);
        assertThat(gauge(registry, Meters.TRAINING_LOSS, grant, Meters.SPLIT, "validation"))
                .isEqualTo(1.25);
        assertThat(gauge(registry, Meters.TRAINING_TOKENS_PER_SECOND, grant)).isEqualTo(2_560);
        assertThat(gauge(registry, Meters.ROUTER_ADVANTAGE_STDDEV, grant)).isEqualTo(0.03);
        assertThat(gauge(registry, Meters.ROUTING_EFFECTIVE_LORAS, grant, Meters.SITE, "layers.0.mlp"))
                .isEqualTo(2);
        assertThat(gauge(registry, Meters.ROUTING_MAX_LOAD_RATIO, grant, Meters.SITE, "layers.0.mlp"))
                .isEqualTo(2);
        assertThat(gauge(registry, Meters.ROUTING_DEAD_LORAS, grant, Meters.SITE, "layers.0.mlp"))
                .isEqualTo(1);
        assertThat(gauge(registry, Meters.ROUTING_DISTINCT_SUBSETS, grant, Meters.SITE, "layers.1.mlp"))
                .isEqualTo(5);

        settlement.settle(id(grant), new Outcome.Cancelled(4));
        assertThat(ofJob(registry, grant)).isEmpty();
    }

    @Test
    void comeBackInAServiceThatStartsWhileTheJobRuns() {
        Claim.Grant grant = sample.running();
        records.ingest(id(grant), SampleRecords.steps(1, 1, 4));
        MeterRegistry ofARestartedService = new SimpleMeterRegistry();

        new TrainingMeters(runningJobs, ofARestartedService).refresh();

        assertThat(gauge(ofARestartedService, Meters.TRAINING_LOSS, grant, Meters.SPLIT, "train"))
                .isEqualTo(1.0);
        assertThat(gauge(ofARestartedService, Meters.ROUTING_TOP_MASS, grant, Meters.SITE, "layers.1.mlp"))
                .isEqualTo(0.55);
    }

    @Test
    void countTokensStepsAndRecordsOnce() {
        Claim.Grant grant = sample.running();
        double tokens = registry.counter(Meters.TRAINING_TOKENS).count();
        double stored = registry.counter(Meters.RECORDS_INGESTED).count();
        long steps = registry.timer(Meters.TRAINING_STEP).count();
        records.ingest(id(grant), SampleRecords.steps(1, 1, 4));
        records.ingest(id(grant), SampleRecords.steps(1, 1, 4));
        assertThat(registry.counter(Meters.TRAINING_TOKENS).count()).isEqualTo(tokens + 4 * 640);
        assertThat(registry.counter(Meters.RECORDS_INGESTED).count()).isEqualTo(stored + 4);
        assertThat(registry.timer(Meters.TRAINING_STEP).count()).isEqualTo(steps + 4);
    }

    @Test
    void ofTheQueueCountJobsAttemptsAndHeartbeats() {
        Claim.Grant grant = sample.running();
        queueMeters.refresh();
        assertThat(registry.get(Meters.JOBS)
                        .tag(Meters.STATE, "running")
                        .gauge()
                        .value())
                .isPositive();
        assertThat(registry.get(Meters.JOBS).tag(Meters.STATE, "paused").gauge().value())
                .isZero();
        assertThat(registry.get(Meters.WORKER_HEARTBEAT_AGE)
                        .tag(Meters.WORKER, "worker-of-" + grant.jobId())
                        .gauge()
                        .value())
                .isGreaterThanOrEqualTo(0);
        double stopped =
                registry.counter(Meters.ATTEMPTS, Meters.REASON, "stopped").count();

        settlement.settle(id(grant), new Outcome.Stopped(0));

        assertThat(registry.counter(Meters.ATTEMPTS, Meters.REASON, "stopped").count())
                .isEqualTo(stopped + 1);
        assertThat(registry.timer(Meters.JOB_QUEUE_WAIT).count()).isPositive();
        queueMeters.refresh();
        assertThat(registry.find(Meters.WORKER_HEARTBEAT_AGE)
                        .tag(Meters.WORKER, "worker-of-" + grant.jobId())
                        .gauge())
                .isNull();
    }

    private static double gauge(MeterRegistry registry, String name, Claim.Grant grant, String... tags) {
        Gauge gauge =
                registry.get(name).tags(tags).tag(Meters.JOB, grant.jobId()).gauge();
        return gauge.value();
    }

    private static List<Meter> ofJob(MeterRegistry registry, Claim.Grant grant) {
        return registry.getMeters().stream()
                .filter(meter -> Objects.equals(meter.getId().getTag(Meters.JOB), grant.jobId()))
                .toList();
    }
}
