package dev.remix.service.telemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The curves of a job. */
@Component
public class TrainingMetrics {
    private final JdbcClient jdbc;

    TrainingMetrics(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Steps in order.
     *
     * @param resolution how many points at most, neighbours being put together; null for every step
     */
    public List<StepMetrics> steps(String jobId, int from, int to, @Nullable Integer resolution) {
        return jdbc.sql("""
                SELECT max(step) AS step, max(attempt) AS attempt, max(epoch) AS epoch,
                       avg(loss) AS loss, avg(learning_rate) AS learning_rate,
                       avg(adapter_gradient_norm) AS adapter_gradient_norm,
                       avg(router_gradient_norm) AS router_gradient_norm,
                       sum(tokens) AS tokens, sum(seconds) AS seconds,
                       sum(tokens) / nullif(sum(seconds), 0) AS tokens_per_second,
                       avg(draws_loss_mean) AS draws_loss_mean, avg(draws_loss_stddev) AS draws_loss_stddev,
                       avg(advantage_stddev) AS advantage_stddev
                FROM job_steps
                WHERE job_id = :job AND step BETWEEN :from AND :to
                GROUP BY (step - :from) / :width
                ORDER BY 1
                """)
                .param("job", jobId)
                .param("from", from)
                .param("to", to)
                .param("width", resolution == null ? 1 : width(jobId, from, to, resolution))
                .query(StepMetrics.class)
                .list();
    }

    private int width(String jobId, int from, int to, int resolution) {
        int last = jdbc.sql("SELECT coalesce(max(step), 0) FROM job_steps WHERE job_id = :job AND step <= :to")
                .param("job", jobId)
                .param("to", to)
                .query(Integer.class)
                .single();
        return Math.max(1, Math.ceilDiv(last - from + 1, resolution));
    }

    /** Evaluations in the order of their steps. */
    public List<EvaluationMetrics> evaluations(String jobId, int from, int to) {
        return jdbc.sql("""
                SELECT step, split, loss, exact_match, examples FROM job_evaluations
                WHERE job_id = :job AND step BETWEEN :from AND :to ORDER BY step, split DESC
                """)
                .param("job", jobId)
                .param("from", from)
                .param("to", to)
                .query(EvaluationMetrics.class)
                .list();
    }
}
