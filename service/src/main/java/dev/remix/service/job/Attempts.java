package dev.remix.service.job;

import dev.remix.protocol.FailureKind;
import dev.remix.service.Refusal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The attempts at jobs, and the fence that keeps an ended one from writing. */
@Component
public class Attempts {
    private final JdbcClient jdbc;
    private final ApplicationEventPublisher publisher;

    Attempts(JdbcClient jdbc, ApplicationEventPublisher publisher) {
        this.jdbc = jdbc;
        this.publisher = publisher;
    }

    /** Every attempt at a job, the first one first. */
    public List<Attempt> of(String jobId) {
        return jdbc.sql("SELECT * FROM attempts WHERE job_id = :job ORDER BY number")
                .param("job", jobId)
                .query(Attempts::read)
                .list();
    }

    public Optional<Attempt> find(AttemptId id) {
        return jdbc.sql("SELECT * FROM attempts WHERE job_id = :job AND number = :number")
                .param("job", id.jobId())
                .param("number", id.number())
                .query(Attempts::read)
                .optional();
    }

    /** Whether a worker that shows a token with this hash is the one the attempt was given to. */
    public boolean isHeldWith(AttemptId id, String tokenHash) {
        return jdbc.sql("""
                SELECT count(*) FROM attempts WHERE job_id = :job AND number = :number AND token_hash = :hash
                """)
                        .param("job", id.jobId())
                        .param("number", id.number())
                        .param("hash", tokenHash)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /**
     * Holds a live attempt until the transaction ends, so that what is written in between is written by the one worker that
     * has the lease.
     *
     * @throws Refusal {@code lease_lost} when it has ended
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Attempt hold(AttemptId id) {
        return jdbc.sql("""
                SELECT * FROM attempts WHERE job_id = :job AND number = :number AND ended_at IS NULL FOR UPDATE
                """)
                .param("job", id.jobId())
                .param("number", id.number())
                .query(Attempts::read)
                .optional()
                .orElseThrow(() -> lost(id));
    }

    /** Refuses an attempt that has ended, without holding one that lives; for reading, and before a long upload. */
    public void require(AttemptId id) {
        if (find(id).filter(Attempt::isLive).isEmpty()) {
            throw lost(id);
        }
    }

    private Refusal lost(AttemptId id) {
        publisher.publishEvent(new FencedWrite(id));
        return Refusal.conflict(
                "lease_lost", "Attempt %d of %s has ended; nothing was written.".formatted(id.number(), id.jobId()));
    }

    /**
     * Ends an attempt.
     *
     * @throws Refusal {@code lease_lost} when it has ended already
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void end(AttemptId id, AttemptEnd end) {
        int ended = jdbc.sql("""
                UPDATE attempts
                SET ended_at = now(), lease_expires_at = NULL, outcome = :outcome,
                    failure_kind = :kind, failure_detail = :detail
                WHERE job_id = :job AND number = :number AND ended_at IS NULL
                """)
                .param("outcome", end.outcome())
                .param(
                        "kind",
                        end.failure().map(failure -> text(failure.kind())).orElse(null))
                .param("detail", end.failure().map(Failure::detail).orElse(null))
                .param("job", id.jobId())
                .param("number", id.number())
                .update();
        if (ended != 1) {
            throw lost(id);
        }
        publisher.publishEvent(new AttemptEnded(id, end));
    }

    private static String text(FailureKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static Attempt read(ResultSet row, int index) throws SQLException {
        String kind = row.getString("failure_kind");
        return new Attempt(
                row.getString("job_id"),
                row.getInt("number"),
                row.getString("worker"),
                row.getString("device"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("heartbeat_at", OffsetDateTime.class).toInstant(),
                instant(row, "lease_expires_at"),
                row.getString("phase"),
                row.getInt("resumed_from"),
                row.getInt("step"),
                row.getObject("total_steps", Integer.class),
                row.getLong("last_seq"),
                instant(row, "ended_at"),
                row.getString("outcome"),
                kind == null ? null : FailureKind.valueOf(kind.toUpperCase(Locale.ROOT)),
                row.getString("failure_detail"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
