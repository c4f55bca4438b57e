package dev.remix.service.telemetry;

import dev.remix.protocol.Outcome;
import dev.remix.service.job.JobResult.RoutingSummary;
import dev.remix.service.job.JobResult.SiteBalance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How evenly, and how variedly, each routed site used its LoRAs. */
@Component
public class RoutingBalance {
    private record Extremes(
            @Nullable Double min,
            @Nullable Double max,
            @Nullable Double distinct) {}

    private final JdbcClient jdbc;

    RoutingBalance(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The last step that has any, at or before the given one; empty for a job without routed sites. */
    public Optional<Integer> lastStep(String jobId, int atMost) {
        return jdbc.sql("SELECT max(step) FROM job_step_sites WHERE job_id = :job AND step <= :step")
                .param("job", jobId)
                .param("step", atMost)
                .query(Integer.class)
                .optional();
    }

    /** The sites of one step, in the order of the model's layers. */
    public List<SiteBalance> at(String jobId, int step) {
        return jdbc.sql("SELECT * FROM job_step_sites WHERE job_id = :job AND step = :step ORDER BY position")
                .param("job", jobId)
                .param("step", step)
                .query(RoutingBalance::read)
                .list();
    }

    /** The whole run; empty for a job without routed sites. */
    public Optional<RoutingSummary> summary(String jobId, Outcome.@Nullable ForcedRouting forced) {
        return lastStep(jobId, Integer.MAX_VALUE).map(last -> {
            Extremes extremes = extremes(jobId);
            return new RoutingSummary(
                    zeroIfNull(extremes.min()),
                    zeroIfNull(extremes.max()),
                    zeroIfNull(extremes.distinct()),
                    forced,
                    at(jobId, last));
        });
    }

    private Extremes extremes(String jobId) {
        return jdbc.sql("""
                SELECT min(applied_effective_loras_min) AS min, max(applied_effective_loras_max) AS max,
                       avg(distinct_subsets)::double precision AS distinct
                FROM job_step_sites WHERE job_id = :job
                """).param("job", jobId).query(Extremes.class).single();
    }

    private static double zeroIfNull(@Nullable Double value) {
        return value == null ? 0 : value;
    }

    static SiteBalance read(ResultSet row, int index) throws SQLException {
        return new SiteBalance(
                row.getString("site"),
                row.getDouble("applied_effective_loras_min"),
                row.getDouble("applied_effective_loras_max"),
                row.getDouble("policy_effective_loras"),
                row.getDouble("policy_entropy"),
                List.of((Double[]) row.getArray("load").getArray()),
                row.getInt("distinct_subsets"),
                row.getDouble("subset_perplexity"),
                row.getDouble("top_k_mass"));
    }
}
