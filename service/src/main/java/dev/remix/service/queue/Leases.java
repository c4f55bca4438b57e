package dev.remix.service.queue;

import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.Heartbeat.Command;
import dev.remix.service.job.AttemptId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Keeps attempts alive for as long as their workers send heartbeats, and tells the workers what to do. */
@Service
public class Leases {
    private record Renewed(@Nullable String requested, Instant expiresAt) {}

    private final JdbcClient jdbc;
    private final QueueSettings settings;

    Leases(JdbcClient jdbc, QueueSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** Renews the lease of a live attempt, also one that has just run out and was not taken away yet. */
    @Transactional
    public Heartbeat.Answer beat(AttemptId id, Heartbeat.Beat beat) {
        return renew(id, beat)
                .map(renewed -> new Heartbeat.Answer(command(renewed.requested()), renewed.expiresAt()))
                .orElseGet(() -> new Heartbeat.Answer(Command.LOST, null));
    }

    private Optional<Renewed> renew(AttemptId id, Heartbeat.Beat beat) {
        return jdbc.sql("""
                UPDATE attempts a
                SET heartbeat_at = now(), lease_expires_at = now() + make_interval(secs => :lease),
                    phase = :phase, step = greatest(a.step, :step)
                FROM jobs j
                WHERE a.job_id = :job AND a.number = :number AND a.ended_at IS NULL AND j.id = a.job_id
                RETURNING j.requested, a.lease_expires_at
                """)
                .param("lease", settings.lease().toMillis() / 1000.0)
                .param("phase", beat.phase().name().toLowerCase(Locale.ROOT))
                .param("step", beat.step())
                .param("job", id.jobId())
                .param("number", id.number())
                .query((row, index) -> new Renewed(
                        row.getString("requested"),
                        row.getObject("lease_expires_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    private static Command command(@Nullable String requested) {
        return switch (requested) {
            case null -> Command.CONTINUE;
            case "pause" -> Command.STOP;
            case "cancel" -> Command.CANCEL;
            default -> throw new IllegalStateException("a job was asked to " + requested);
        };
    }
}
