package dev.remix.service.queue;

import dev.remix.service.job.Job;
import dev.remix.service.job.JobState;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The queue as people and launchers see it. */
@Component
public class JobQueue {
    private final JdbcClient jdbc;
    private final Clock clock;

    JobQueue(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** How many jobs a worker with enough memory could claim now. */
    public int claimable() {
        return jdbc.sql("""
                SELECT count(*) FROM jobs WHERE state = 'queued' AND (not_before IS NULL OR not_before <= now())
                """).query(Integer.class).single();
    }

    /** Empty for a job that is not queued. */
    public Optional<QueuePosition> position(Job job) {
        if (job.state() != JobState.QUEUED) {
            return Optional.empty();
        }
        int ahead = ahead(job);
        return Optional.of(new QueuePosition(ahead + 1, reason(job, ahead)));
    }

    private int ahead(Job job) {
        return jdbc.sql("""
                SELECT count(*) FROM jobs q, jobs me
                WHERE me.id = :job AND q.state = 'queued'
                  AND (-q.priority, q.created_at, q.id) < (-me.priority, me.created_at, me.id)
                """).param("job", job.id()).query(Integer.class).single();
    }

    private String reason(Job job, int ahead) {
        Optional<Instant> retryAt = job.notBefore().filter(clock.instant()::isBefore);
        if (retryAt.isPresent()) {
            return "Waits until %s to be tried again after a failed attempt.".formatted(retryAt.get());
        }
        return switch (ahead) {
            case 0 -> "Waits for a free worker.";
            case 1 -> "Waits for a free worker, behind 1 job.";
            default -> "Waits for a free worker, behind %d jobs.".formatted(ahead);
        };
    }
}
