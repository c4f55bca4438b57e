package dev.remix.service.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The schema refuses rows that cannot be, whoever writes them. */
@ServiceTest
@Import(SampleJobs.class)
class SchemaTest {
    @Autowired
    private SampleJobs sample;

    @Autowired
    private JdbcClient jdbc;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    state = 'sleeping'                                      | jobs_state
                    state = 'running'                                       | jobs_running_has_an_attempt
                    state = 'running', attempt = 1, started_at = now()      | jobs_running_has_a_lease
                    state = 'cancelled'                                     | jobs_final_has_finished_at
                    finished_at = now()                                     | jobs_final_has_finished_at
                    state = 'succeeded', finished_at = now()                | jobs_success_has
                    result = '{}'                                           | jobs_success_has_a_result
                    state = 'failed', finished_at = now()                   | jobs_failure_has_a_kind
                    failure_kind = 'internal', failure_detail = 'it broke'  | jobs_failure_has_a_kind
                    requested = 'cancel'                                    | jobs_only_a_running_one_is_asked
                    state = 'paused', not_before = now()                    | jobs_only_a_queued_one_waits
                    failed_attempts = 1                                     | jobs_attempts_within_the_maximum
                    queued_at = NULL                                        | jobs_queued_has_queued_at
                    """)
    void refusesAQueuedJobToBecome(String change, String constraint) {
        String id = sample.queued().id();
        assertThatThrownBy(() -> jdbc.sql("UPDATE jobs SET %s WHERE id = ?".formatted(change))
                        .param(id)
                        .update())
                .hasMessageContaining(constraint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    lease_expires_at = NULL                                                      | attempts_live_has_a_lease
                    ended_at = now()                                                             | attempts_
                    ended_at = now(), lease_expires_at = NULL                                    | attempts_ended_has_an_outcome
                    ended_at = now(), lease_expires_at = NULL, outcome = 'failed'                | attempts_failure_has_a_kind
                    failure_kind = 'internal'                                                    | attempts_failure_has_a_kind
                    ended_at = now(), lease_expires_at = NULL, outcome = 'stopped'               | jobs_running_has_a_lease
                    """)
    void refusesALiveAttemptToBecome(String change, String constraint) {
        Claim.Grant grant = sample.running();
        assertThatThrownBy(() -> jdbc.sql("UPDATE attempts SET %s WHERE job_id = ?".formatted(change))
                        .param(grant.jobId())
                        .update())
                .hasMessageContaining(constraint);
    }

    @Test
    void refusesASecondLiveAttempt() {
        Claim.Grant grant = sample.running();
        assertThatThrownBy(() -> jdbc.sql("""
                        INSERT INTO attempts (job_id, number, worker, device, token_hash, started_at, heartbeat_at,
                                              lease_expires_at)
                        SELECT job_id, 2, 'intruder', device, token_hash, now(), now(), now() FROM attempts
                        WHERE job_id = ?
                        """).param(grant.jobId()).update()).hasMessageContaining("attempts_one_live");
    }

    @Test
    void refusesAJobToLeaveAnAttemptAlive() {
        Claim.Grant grant = sample.running();
        assertThatThrownBy(() -> jdbc.sql("UPDATE jobs SET state = 'queued' WHERE id = ?")
                        .param(grant.jobId())
                        .update())
                .hasMessageContaining("attempts_live_has_a_running_job");
    }
}
