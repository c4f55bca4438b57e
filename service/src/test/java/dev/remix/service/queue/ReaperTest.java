package dev.remix.service.queue;

import static dev.remix.fixture.SampleJobs.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.ServiceTest;
import dev.remix.fixture.SettableClock;
import dev.remix.protocol.Claim;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.Meters;
import dev.remix.service.job.Attempt;
import dev.remix.service.job.Attempts;
import dev.remix.service.job.Job;
import dev.remix.service.job.JobState;
import dev.remix.service.job.Jobs;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@ServiceTest
@Import(SampleJobs.class)
class ReaperTest {
    @Autowired
    private SampleJobs sample;

    @Autowired
    private Jobs jobs;

    @Autowired
    private Attempts attempts;

    @Autowired
    private Leases leases;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Settlement settlement;

    @Autowired
    private TransactionTemplate transactions;

    @Autowired
    private ApplicationEventPublisher publisher;

    @Autowired
    private QueueSettings settings;

    @Autowired
    private MeterRegistry meters;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
    private Reaper reaper;

    @BeforeEach
    void aServiceThatHasBeenUpForALease() {
        reaper = newReaper();
        clock.advance(settings.lease());
    }

    private Reaper newReaper() {
        return new Reaper(jdbc, settlement, transactions, publisher, settings, clock);
    }

    @Test
    void takesAnAttemptWhoseLeaseRanOutAndQueuesItsJobAgain() {
        Claim.Grant grant = sample.running();
        double expirations = meters.counter(Meters.LEASE_EXPIRATIONS).count();
        sample.expire(grant);

        assertThat(reaper.reap()).isEqualTo(1);

        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.QUEUED);
        Attempt ended = attempts.find(id(grant)).orElseThrow();
        assertThat(ended.isLive()).isFalse();
        assertThat(ended.failureKind()).isEqualTo(FailureKind.WORKER_LOST);
        assertThat(meters.counter(Meters.LEASE_EXPIRATIONS).count()).isEqualTo(expirations + 1);
        assertThat(reaper.reap()).isZero();
        jobs.cancel(grant.jobId());
    }

    @Test
    void leavesAnAttemptThatSentAHeartbeatInTime() {
        Claim.Grant grant = sample.running();
        sample.expire(grant);
        leases.beat(id(grant), new Heartbeat.Beat(Heartbeat.Phase.TRAINING, 1));
        assertThat(reaper.reap()).isZero();
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void failsAJobWhoseLastAttemptWasLost() {
        Job job = sample.queued("\"max_attempts\": 2");
        for (int attempt = 1; attempt <= 2; attempt++) {
            sample.expire(sample.claimed("doomed"));
            assertThat(reaper.reap()).isEqualTo(1);
            sample.endBackoff(job.id());
        }
        Job failed = jobs.get(job.id());
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.failure().orElseThrow().kind()).isEqualTo(FailureKind.WORKER_LOST);
        assertThat(attempts.of(job.id())).hasSize(2);
    }

    @Test
    void waitsOneLeaseAfterAStartBeforeItTakesAnything() {
        Claim.Grant grant = sample.running();
        sample.expire(grant);
        Reaper restarted = newReaper();

        clock.advance(settings.lease().minus(Duration.ofMillis(1)));
        assertThat(restarted.reap()).isZero();
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.RUNNING);

        clock.advance(Duration.ofMillis(1));
        assertThat(restarted.reap()).isEqualTo(1);
        jobs.cancel(grant.jobId());
    }
}
