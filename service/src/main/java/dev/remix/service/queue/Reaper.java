package dev.remix.service.queue;

import dev.remix.protocol.FailureKind;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Failure;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes attempts away from workers whose lease ran out. While the service was down nobody could send a heartbeat, so after a
 * start it waits one lease first: a restart costs no training.
 */
@Component
public class Reaper {
    private static final Logger log = LoggerFactory.getLogger(Reaper.class);

    private static final Failure LOST = new Failure(
            FailureKind.WORKER_LOST,
            "The worker stopped sending heartbeats.",
            "The end of the job's log may tell; a process that used up its machine's memory dies without a word.");

    private final JdbcClient jdbc;
    private final Settlement settlement;
    private final TransactionTemplate transactions;
    private final ApplicationEventPublisher publisher;
    private final Clock clock;
    private final Instant earliest;

    Reaper(
            JdbcClient jdbc,
            Settlement settlement,
            TransactionTemplate transactions,
            ApplicationEventPublisher publisher,
            QueueSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.settlement = settlement;
        this.transactions = transactions;
        this.publisher = publisher;
        this.clock = clock;
        this.earliest = clock.instant().plus(settings.lease());
    }

    /** @return how many attempts were taken away */
    @Scheduled(fixedDelayString = "${remix.queue.reap-every:1s}")
    public int reap() {
        if (clock.instant().isBefore(earliest)) {
            return 0;
        }
        return (int) expired().stream().filter(this::take).count();
    }

    private List<AttemptId> expired() {
        return jdbc.sql("SELECT job_id, number FROM attempts WHERE ended_at IS NULL AND lease_expires_at < now()")
                .query((row, index) -> new AttemptId(row.getString("job_id"), row.getInt("number")))
                .list();
    }

    private boolean take(AttemptId id) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            if (!holdExpired(id)) {
                return false;
            }
            log.warn("Attempt {} of {} is taken away: its lease ran out", id.number(), id.jobId());
            publisher.publishEvent(new LeaseExpired(id));
            settlement.fail(id, LOST);
            return true;
        }));
    }

    /** Whoever else is at it, a heartbeat or another service's reaper, is left to finish. */
    private boolean holdExpired(AttemptId id) {
        return jdbc.sql("""
                SELECT number FROM attempts
                WHERE job_id = :job AND number = :number AND ended_at IS NULL AND lease_expires_at < now()
                FOR UPDATE SKIP LOCKED
                """)
                .param("job", id.jobId())
                .param("number", id.number())
                .query(Integer.class)
                .optional()
                .isPresent();
    }
}
