package dev.remix.service.queue;

import static dev.remix.fixture.SampleJobs.id;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.Heartbeat.Command;
import dev.remix.protocol.Outcome;
import dev.remix.service.job.Attempt;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Attempts;
import dev.remix.service.job.Jobs;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@ServiceTest
@Import(SampleJobs.class)
class LeaseTest {
    @Autowired
    private SampleJobs sample;

    @Autowired
    private Leases leases;

    @Autowired
    private Settlement settlement;

    @Autowired
    private Attempts attempts;

    @Autowired
    private Jobs jobs;

    @Test
    void isRenewedByAHeartbeatEvenIfItHasJustRunOut() {
        Claim.Grant grant = sample.running();
        sample.expire(grant);
        Instant expired = requireNonNull(attempt(grant).leaseExpiresAt());

        Heartbeat.Answer answer = beat(grant, 17);

        assertThat(answer.command()).isEqualTo(Command.CONTINUE);
        assertThat(answer.leaseExpiresAt())
                .isAfter(expired)
                .isEqualTo(attempt(grant).leaseExpiresAt());
        assertThat(attempt(grant).step()).isEqualTo(17);
        assertThat(attempt(grant).phase()).isEqualTo("training");
    }

    @Test
    void tellsTheWorkerToStopWhenTheJobIsToPause() {
        Claim.Grant grant = sample.running();
        jobs.pause(grant.jobId());
        assertThat(beat(grant, 1).command()).isEqualTo(Command.STOP);
    }

    @Test
    void tellsTheWorkerToCancelAndACancellationIsNotTakenBack() {
        Claim.Grant grant = sample.running();
        jobs.cancel(grant.jobId());
        jobs.pause(grant.jobId());
        assertThat(beat(grant, 1).command()).isEqualTo(Command.CANCEL);
    }

    @Test
    void isLostWhenTheAttemptHasEnded() {
        Claim.Grant grant = sample.running();
        settlement.settle(id(grant), new Outcome.Stopped(3));
        Attempt ended = attempt(grant);

        assertThat(beat(grant, 50)).isEqualTo(new Heartbeat.Answer(Command.LOST, null));
        assertThat(attempt(grant)).isEqualTo(ended);
    }

    @Test
    void isLostForAnAttemptThatNeverWas() {
        Claim.Grant grant = sample.running();
        assertThat(leases.beat(new AttemptId(grant.jobId(), 9), new Heartbeat.Beat(Heartbeat.Phase.TRAINING, 1))
                        .command())
                .isEqualTo(Command.LOST);
    }

    private Heartbeat.Answer beat(Claim.Grant grant, int step) {
        return leases.beat(id(grant), new Heartbeat.Beat(Heartbeat.Phase.TRAINING, step));
    }

    private Attempt attempt(Claim.Grant grant) {
        return attempts.find(id(grant)).orElseThrow();
    }
}
