package dev.remix.service.queue;

import dev.remix.protocol.Claim;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Job;
import dev.remix.service.job.JobChanged;
import dev.remix.service.job.JobEvents;
import dev.remix.service.job.JobState;
import dev.remix.service.job.Jobs;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Gives queued jobs to workers that ask for one. */
@Service
public class Claims {
    /**
     * Picks a job, marks it and opens the attempt, all in one statement. Workers that ask at the same time skip each other's
     * picks. Order: priority, then the project with the fewest running jobs, then age.
     */
    private static final String CLAIM = """
            WITH picked AS (
                SELECT q.id
                FROM jobs q
                WHERE q.state = 'queued'
                  AND (q.not_before IS NULL OR q.not_before <= now())
                  AND q.memory_bytes <= :memory
                ORDER BY q.priority DESC,
                         (SELECT count(*) FROM jobs r WHERE r.project_id = q.project_id AND r.state = 'running'),
                         q.created_at,
                         q.id
                LIMIT 1
                FOR UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE jobs j
                SET state = 'running', version = version + 1, attempt = attempt + 1, not_before = NULL,
                    started_at = coalesce(started_at, now())
                FROM picked
                WHERE j.id = picked.id
                RETURNING j.id, j.attempt, j.queued_at
            ), opened AS (
                INSERT INTO attempts (job_id, number, worker, device, token_hash, started_at, heartbeat_at,
                                      lease_expires_at, resumed_from, step)
                SELECT c.id, c.attempt, :worker, :device, :token_hash, now(), now(),
                       now() + make_interval(secs => :lease), k.step, k.step
                FROM claimed c
                CROSS JOIN LATERAL (
                    SELECT coalesce(max(step), 0) AS step FROM checkpoints WHERE job_id = c.id
                ) k
            )
            SELECT id, attempt, extract(epoch FROM now() - queued_at) AS waited FROM claimed
            """;

    private record Claimed(AttemptId id, Duration waited) {}

    private final JdbcClient jdbc;
    private final Tokens tokens;
    private final Jobs jobs;
    private final JobEvents events;
    private final Checkpoints checkpoints;
    private final QueueSettings settings;
    private final ApplicationEventPublisher publisher;

    Claims(
            JdbcClient jdbc,
            Tokens tokens,
            Jobs jobs,
            JobEvents events,
            Checkpoints checkpoints,
            QueueSettings settings,
            ApplicationEventPublisher publisher) {
        this.jdbc = jdbc;
        this.tokens = tokens;
        this.jobs = jobs;
        this.events = events;
        this.checkpoints = checkpoints;
        this.settings = settings;
        this.publisher = publisher;
    }

    /** The first queued job that fits the worker, now its own under a lease; empty when there is none. */
    @Transactional
    public Optional<Claim.Grant> claim(Claim.Request worker) {
        String token = tokens.next();
        return pick(worker, token).map(claimed -> grant(claimed, worker, token));
    }

    private Optional<Claimed> pick(Claim.Request worker, String token) {
        return jdbc.sql(CLAIM)
                .param("memory", worker.memoryBytes())
                .param("worker", worker.worker())
                .param("device", worker.device())
                .param("token_hash", Tokens.hash(token))
                .param("lease", settings.lease().toMillis() / 1000.0)
                .query((row, index) -> new Claimed(
                        new AttemptId(row.getString("id"), row.getInt("attempt")),
                        Duration.ofMillis(Math.round(1000 * row.getDouble("waited")))))
                .optional();
    }

    private Claim.Grant grant(Claimed claimed, Claim.Request worker, String token) {
        AttemptId id = claimed.id();
        tell(id, worker);
        publisher.publishEvent(new JobChanged(id.jobId(), JobState.QUEUED, JobState.RUNNING));
        publisher.publishEvent(new JobClaimed(id, claimed.waited()));
        Job job = jobs.get(id.jobId());
        return new Claim.Grant(
                id.jobId(),
                id.number(),
                token,
                settings.lease(),
                settings.heartbeat(),
                job.spec(),
                checkpoints.last(id.jobId()).map(Checkpoint::ref).orElse(null));
    }

    private void tell(AttemptId id, Claim.Request worker) {
        String message = "Fine-tuning job started: attempt %d on worker %s".formatted(id.number(), worker.worker());
        events.append(
                id.jobId(),
                "info",
                "message",
                message,
                Map.of("status", JobState.RUNNING.text(), "attempt", id.number(), "worker", worker.worker()));
    }
}
