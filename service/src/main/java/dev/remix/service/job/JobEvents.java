package dev.remix.service.job;

import dev.remix.protocol.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;

/** The events of jobs, always written in the transaction of what they tell. */
@Component
public class JobEvents {
    private static final TypeReference<Map<String, Object>> DATA = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher publisher;

    JobEvents(JdbcClient jdbc, ApplicationEventPublisher publisher) {
        this.jdbc = jdbc;
        this.publisher = publisher;
    }

    /** Taking the number holds the job's row, so whoever reads up to a number will never see a lower one appear. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(String jobId, String level, String type, String message, Map<String, Object> data) {
        jdbc.sql("""
                WITH numbered AS (
                    UPDATE jobs SET last_event = last_event + 1 WHERE id = :job RETURNING id, last_event
                )
                INSERT INTO job_events (job_id, number, at, level, type, message, data)
                SELECT id, last_event, now(), :level, :type, :message, CAST(:data AS jsonb) FROM numbered
                """)
                .param("job", jobId)
                .param("level", level)
                .param("type", type)
                .param("message", message)
                .param("data", Wire.json().writeValueAsString(data))
                .update();
        publisher.publishEvent(new EventWritten(jobId));
    }

    /** At most {@code limit} events after a number, oldest first. */
    public List<JobEvent> after(String jobId, long number, int limit) {
        return jdbc.sql("""
                SELECT * FROM job_events WHERE job_id = :job AND number > :number ORDER BY number LIMIT :limit
                """)
                .param("job", jobId)
                .param("number", number)
                .param("limit", limit)
                .query(JobEvents::read)
                .list();
    }

    /** At most {@code limit} events before a number, newest first, as OpenAI lists them. */
    public List<JobEvent> before(String jobId, long number, int limit) {
        return jdbc.sql("""
                SELECT * FROM job_events WHERE job_id = :job AND number < :number ORDER BY number DESC LIMIT :limit
                """)
                .param("job", jobId)
                .param("number", number)
                .param("limit", limit)
                .query(JobEvents::read)
                .list();
    }

    private static JobEvent read(ResultSet row, int index) throws SQLException {
        return new JobEvent(
                row.getString("job_id"),
                row.getLong("number"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("level"),
                row.getString("type"),
                row.getString("message"),
                Wire.json().readValue(row.getString("data"), DATA));
    }
}
