package dev.remix.service.telemetry;

import dev.remix.protocol.LogLine;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Attempts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The workers' own logs, kept when an attempt has failed. */
@Component
public class WorkerLogs {
    private static final int BATCH = 500;
    private static final int LONGEST_LINE = 16_384;

    private static final String INSERT = """
            INSERT INTO job_logs (job_id, attempt, seq, at, level, text) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (job_id, attempt, seq) DO NOTHING
            """;

    private final JdbcTemplate jdbc;
    private final Attempts attempts;

    WorkerLogs(JdbcTemplate jdbc, Attempts attempts) {
        this.jdbc = jdbc;
        this.attempts = attempts;
    }

    /** Stores lines that are new; a line may be missing, a log is no account. */
    @Transactional
    public void append(AttemptId id, List<LogLine> lines) {
        attempts.hold(id);
        jdbc.batchUpdate(INSERT, lines, BATCH, (row, line) -> {
            row.setString(1, id.jobId());
            row.setInt(2, id.number());
            row.setLong(3, line.seq());
            row.setObject(4, line.at().atOffset(ZoneOffset.UTC));
            row.setString(5, line.level());
            row.setString(6, storable(line.text()));
        });
    }

    /** PostgreSQL's text holds no NUL, and a line without end would be no line. */
    private static String storable(String text) {
        String clean = text.replace("\0", "");
        return clean.length() <= LONGEST_LINE ? clean : clean.substring(0, LONGEST_LINE);
    }

    /** The last lines of an attempt, oldest first. */
    public List<LogLine> tail(AttemptId id, int lines) {
        return JdbcClient.create(jdbc)
                .sql("""
                SELECT * FROM (
                    SELECT * FROM job_logs WHERE job_id = :job AND attempt = :attempt ORDER BY seq DESC LIMIT :lines
                ) last ORDER BY seq
                """)
                .param("job", id.jobId())
                .param("attempt", id.number())
                .param("lines", lines)
                .query(WorkerLogs::read)
                .list();
    }

    private static LogLine read(ResultSet row, int index) throws SQLException {
        return new LogLine(
                row.getLong("seq"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("level"),
                row.getString("text"));
    }
}
