package dev.remix.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Outcome;
import dev.remix.service.queue.Settlement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;

@ServiceTest
@Import(SampleJobs.class)
class JobEventsTest {
    @Autowired
    private SampleJobs sample;

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobEvents events;

    @Autowired
    private Attempts attempts;

    @Autowired
    private Settlement settlement;

    @Autowired
    private JdbcClient jdbc;

    @AfterEach
    void eventsCanBeWrittenAgain() {
        jdbc.sql("DROP TRIGGER IF EXISTS refuse ON job_events").update();
    }

    private void refuseEvents() {
        jdbc.sql("""
                CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no event may be written'; END $$
                """).update();
        jdbc.sql("CREATE TRIGGER refuse BEFORE INSERT ON job_events FOR EACH ROW EXECUTE FUNCTION refuse()")
                .update();
    }

    @Test
    void tellEachChangeOfState() {
        Job job = sample.queued();
        jobs.pause(job.id());
        jobs.resume(job.id());
        jobs.cancel(job.id());
        assertThat(events.after(job.id(), 0, 10))
                .extracting(event -> event.data().get("status"))
                .containsExactly("validating", "queued", "paused", "queued", "cancelled");
        assertThat(events.after(job.id(), 0, 10)).extracting(JobEvent::number).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void thatCannotBeWrittenTakeAChangeByAPersonBack() {
        Job job = sample.queued();
        refuseEvents();
        assertThatThrownBy(() -> jobs.cancel(job.id())).isInstanceOf(DataAccessException.class);
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void thatCannotBeWrittenTakeAClaimBack() {
        Job job = sample.queued();
        refuseEvents();
        assertThatThrownBy(() -> sample.claimed("worker")).isInstanceOf(DataAccessException.class);
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(attempts.of(job.id())).isEmpty();
    }

    @Test
    void thatCannotBeWrittenTakeAnOutcomeBack() {
        Claim.Grant grant = sample.running();
        refuseEvents();
        assertThatThrownBy(() -> settlement.settle(SampleJobs.id(grant), new Outcome.Cancelled(1)))
                .isInstanceOf(DataAccessException.class);
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.RUNNING);
        assertThat(attempts.of(grant.jobId())).singleElement().matches(Attempt::isLive);
    }

    @Test
    void areNotWrittenOutsideATransaction() {
        Job job = sample.queued();
        assertThatThrownBy(() -> events.append(job.id(), "info", "message", "by itself", Map.of()))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    @Test
    void haveIdentifiersThatLeadBackToTheirNumber() {
        Job job = sample.queued();
        List<JobEvent> all = events.after(job.id(), 0, 10);
        assertThat(all)
                .allSatisfy(event ->
                        assertThat(JobEvent.number(job.id(), event.id())).isEqualTo(event.number()));
        assertThat(JobEvent.number(job.id(), "ftevent-of-another-1")).isZero();
        assertThat(JobEvent.number(job.id(), all.getFirst().id() + "x")).isZero();
    }
}
