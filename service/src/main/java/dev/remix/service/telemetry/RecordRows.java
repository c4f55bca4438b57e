package dev.remix.service.telemetry;

import dev.remix.protocol.WorkerRecord;
import dev.remix.service.job.AttemptId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * The rows of steps, their sites, and evaluations. They are keyed by job and step, so a later attempt replaces what it did
 * again; the condition on the attempt keeps the order even if the fence were to fail.
 */
@Repository
class RecordRows {
    private static final int BATCH = 500;

    private static final String UPSERT_STEP = """
            INSERT INTO job_steps (job_id, step, attempt, at, total_steps, epoch, loss, learning_rate,
                                   adapter_gradient_norm, router_gradient_norm, tokens, seconds,
                                   draws_loss_mean, draws_loss_stddev, advantage_stddev)
            VALUES (?, ?, ?, now(), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (job_id, step) DO UPDATE
            SET attempt = excluded.attempt, at = excluded.at, total_steps = excluded.total_steps,
                epoch = excluded.epoch, loss = excluded.loss, learning_rate = excluded.learning_rate,
                adapter_gradient_norm = excluded.adapter_gradient_norm,
                router_gradient_norm = excluded.router_gradient_norm, tokens = excluded.tokens,
                seconds = excluded.seconds, draws_loss_mean = excluded.draws_loss_mean,
                draws_loss_stddev = excluded.draws_loss_stddev, advantage_stddev = excluded.advantage_stddev
            WHERE job_steps.attempt <= excluded.attempt
            """;

    private static final String DELETE_SITES = "DELETE FROM job_step_sites WHERE job_id = ? AND step = ?";

    private static final String INSERT_SITE = """
            INSERT INTO job_step_sites (job_id, step, position, site, applied_effective_loras_min,
                                        applied_effective_loras_max, policy_effective_loras, policy_entropy,
                                        load, distinct_subsets, subset_perplexity, top_k_mass)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String UPSERT_EVALUATION = """
            INSERT INTO job_evaluations (job_id, step, split, attempt, at, loss, exact_match, examples)
            VALUES (?, ?, ?, ?, now(), ?, ?, ?)
            ON CONFLICT (job_id, split, step) DO UPDATE
            SET attempt = excluded.attempt, at = excluded.at, loss = excluded.loss,
                exact_match = excluded.exact_match, examples = excluded.examples
            WHERE job_evaluations.attempt <= excluded.attempt
            """;

    private record SiteRow(int step, int position, WorkerRecord.Site site) {}

    private final JdbcTemplate jdbc;

    RecordRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** The highest step that any attempt recorded, 0 before the first. */
    int lastStep(String jobId) {
        Integer last = jdbc.queryForObject(
                "SELECT coalesce(max(step), 0) FROM job_steps WHERE job_id = ?", Integer.class, jobId);
        return last == null ? 0 : last;
    }

    void insert(AttemptId id, List<WorkerRecord> records) {
        List<WorkerRecord.Step> steps = only(records, WorkerRecord.Step.class);
        jdbc.batchUpdate(UPSERT_STEP, steps, BATCH, (statement, step) -> bind(statement, id, step));
        jdbc.batchUpdate(DELETE_SITES, steps, BATCH, (statement, step) -> {
            statement.setString(1, id.jobId());
            statement.setInt(2, step.step());
        });
        jdbc.batchUpdate(INSERT_SITE, sites(steps), BATCH, (statement, site) -> bind(statement, id, site));
        List<WorkerRecord.Evaluation> evaluations = only(records, WorkerRecord.Evaluation.class);
        jdbc.batchUpdate(UPSERT_EVALUATION, evaluations, BATCH, (statement, it) -> bind(statement, id, it));
    }

    /** Notes how far the attempt has come. */
    void advance(AttemptId id, List<WorkerRecord> records) {
        List<WorkerRecord.Step> steps = only(records, WorkerRecord.Step.class);
        jdbc.update(
                """
                UPDATE attempts
                SET last_seq = ?, step = greatest(step, ?), total_steps = coalesce(?, total_steps)
                WHERE job_id = ? AND number = ?
                """,
                records.getLast().seq(),
                steps.isEmpty() ? 0 : steps.getLast().step(),
                steps.isEmpty() ? null : steps.getLast().totalSteps(),
                id.jobId(),
                id.number());
    }

    private static List<SiteRow> sites(List<WorkerRecord.Step> steps) {
        List<SiteRow> rows = new ArrayList<>();
        for (WorkerRecord.Step step : steps) {
            for (WorkerRecord.Site site : step.sites()) {
                rows.add(new SiteRow(step.step(), step.sites().indexOf(site), site));
            }
        }
        return rows;
    }

    private static void bind(PreparedStatement row, AttemptId id, WorkerRecord.Step step) throws SQLException {
        WorkerRecord.Draws draws = step.draws();
        row.setString(1, id.jobId());
        row.setInt(2, step.step());
        row.setInt(3, id.number());
        row.setInt(4, step.totalSteps());
        row.setDouble(5, step.epoch());
        row.setDouble(6, step.loss());
        row.setDouble(7, step.learningRate());
        row.setDouble(8, step.adapterGradientNorm());
        setNullable(row, 9, step.routerGradientNorm());
        row.setInt(10, step.tokens());
        row.setDouble(11, step.seconds());
        setNullable(row, 12, draws == null ? null : draws.lossMean());
        setNullable(row, 13, draws == null ? null : draws.lossStddev());
        setNullable(row, 14, draws == null ? null : draws.advantageStddev());
    }

    private static void bind(PreparedStatement row, AttemptId id, SiteRow at) throws SQLException {
        WorkerRecord.Site site = at.site();
        row.setString(1, id.jobId());
        row.setInt(2, at.step());
        row.setInt(3, at.position());
        row.setString(4, site.site());
        row.setDouble(5, site.appliedEffectiveLoras());
        row.setDouble(6, site.appliedEffectiveLorasMax());
        row.setDouble(7, site.policyEffectiveLoras());
        row.setDouble(8, site.policyEntropy());
        row.setArray(9, row.getConnection().createArrayOf("float8", site.load().toArray()));
        row.setInt(10, site.distinctSubsets());
        row.setDouble(11, site.subsetPerplexity());
        row.setDouble(12, site.topKMass());
    }

    private static void bind(PreparedStatement row, AttemptId id, WorkerRecord.Evaluation evaluation)
            throws SQLException {
        row.setString(1, id.jobId());
        row.setInt(2, evaluation.step());
        row.setString(3, evaluation.split());
        row.setInt(4, id.number());
        row.setDouble(5, evaluation.loss());
        setNullable(row, 6, evaluation.exactMatch());
        row.setInt(7, evaluation.examples());
    }

    private static void setNullable(PreparedStatement row, int index, @Nullable Double value) throws SQLException {
        row.setObject(index, value, Types.DOUBLE);
    }

    private static <T extends WorkerRecord> List<T> only(List<WorkerRecord> records, Class<T> type) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
