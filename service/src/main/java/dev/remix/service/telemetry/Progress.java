package dev.remix.service.telemetry;

import dev.remix.service.job.Job;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells how far jobs have come. */
@Component
public class Progress {
    /**
     * The step that counts is the present attempt's: what an earlier one did beyond the last checkpoint is being done again.
     * Speed is that of the last twenty steps.
     */
    private static final String PROGRESS = """
            WITH last AS (
                SELECT s.* FROM job_steps s JOIN attempts a ON a.job_id = s.job_id
                WHERE s.job_id = :job AND a.number = :attempt AND s.step <= a.step
                ORDER BY s.step DESC LIMIT 1
            ), recent AS (
                SELECT sum(s.tokens) AS tokens, sum(s.seconds) AS seconds, count(*) AS steps
                FROM job_steps s, last l WHERE s.job_id = :job AND s.step > l.step - 20 AND s.step <= l.step
            ), sites AS (
                SELECT avg(t.applied_effective_loras_min) AS effective_loras,
                       avg(t.policy_effective_loras) AS policy_effective_loras,
                       avg(t.distinct_subsets)::double precision AS distinct_subsets
                FROM job_step_sites t, last l WHERE t.job_id = :job AND t.step = l.step
            )
            SELECT l.step, l.total_steps, 100.0 * l.step / l.total_steps AS percent,
                   (SELECT sum(tokens) FROM job_steps s WHERE s.job_id = :job AND s.step <= l.step) AS tokens,
                   r.tokens / nullif(r.seconds, 0) AS tokens_per_second,
                   (l.total_steps - l.step) * r.seconds / r.steps AS eta_seconds,
                   l.loss, t.effective_loras, t.policy_effective_loras, t.distinct_subsets
            FROM last l, recent r, sites t
            """;

    private final JdbcClient jdbc;

    Progress(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public JobProgress of(Job job) {
        return jdbc.sql(PROGRESS)
                .param("job", job.id())
                .param("attempt", job.attempt())
                .query(JobProgress.class)
                .optional()
                .orElseGet(() -> JobProgress.none(job.plannedSteps()));
    }
}
