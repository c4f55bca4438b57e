package dev.remix.service.telemetry;

import dev.remix.protocol.Meters;
import dev.remix.service.job.JobResult.SiteBalance;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The last that is known of the jobs that run now. */
@Component
class RunningJobs {
    /** The last step that each running job's present attempt has done, or that it went on from. */
    private static final String LAST_STEP = """
            WITH last AS (
                SELECT s.*
                FROM jobs j
                JOIN attempts a ON a.job_id = j.id AND a.number = j.attempt
                CROSS JOIN LATERAL (
                    SELECT * FROM job_steps WHERE job_id = j.id AND step <= a.step ORDER BY step DESC LIMIT 1
                ) s
                WHERE j.state = 'running'
            )
            """;

    record Loss(String job, String split, double loss) {
        Tags tags() {
            return Tags.of(Meters.JOB, job, Meters.SPLIT, split);
        }
    }

    record Step(
            String job,
            @Nullable Double tokensPerSecond,
            @Nullable Double advantageStddev) {
        Tags tags() {
            return Tags.of(Meters.JOB, job);
        }
    }

    record Site(String job, SiteBalance balance) {
        Tags tags() {
            return Tags.of(Meters.JOB, job, Meters.SITE, balance.site());
        }
    }

    private final JdbcClient jdbc;

    RunningJobs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Loss> losses() {
        return jdbc.sql(LAST_STEP + """
                SELECT job_id AS job, 'train' AS split, loss FROM last
                UNION ALL
                (SELECT DISTINCT ON (e.job_id, e.split) e.job_id, e.split, e.loss
                 FROM job_evaluations e JOIN last l ON l.job_id = e.job_id
                 ORDER BY e.job_id, e.split, e.step DESC)
                """).query(Loss.class).list();
    }

    List<Step> steps() {
        return jdbc.sql(LAST_STEP + """
                SELECT job_id AS job, tokens / nullif(seconds, 0) AS tokens_per_second, advantage_stddev FROM last
                """).query(Step.class).list();
    }

    List<Site> sites() {
        return jdbc.sql(LAST_STEP + """
                SELECT t.* FROM job_step_sites t JOIN last l ON l.job_id = t.job_id AND l.step = t.step
                ORDER BY t.job_id, t.position
                """)
                .query((row, index) -> new Site(row.getString("job_id"), RoutingBalance.read(row, index)))
                .list();
    }
}
