package dev.remix.service.queue;

import dev.remix.service.Ids;
import dev.remix.service.Refusal;
import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StagedObject;
import dev.remix.service.artifact.StoredObject;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Attempts;
import java.io.IOException;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** The checkpoints of jobs; the newest few of each are kept. */
@Service
public class Checkpoints {
    private final JdbcClient jdbc;
    private final Attempts attempts;
    private final Uploads uploads;
    private final ObjectStore objects;
    private final TransactionTemplate transactions;
    private final Ids ids;
    private final QueueSettings settings;

    Checkpoints(
            JdbcClient jdbc,
            Attempts attempts,
            Uploads uploads,
            ObjectStore objects,
            TransactionTemplate transactions,
            Ids ids,
            QueueSettings settings) {
        this.jdbc = jdbc;
        this.attempts = attempts;
        this.uploads = uploads;
        this.objects = objects;
        this.transactions = transactions;
        this.ids = ids;
        this.settings = settings;
    }

    /** Newest first. */
    public List<Checkpoint> of(String jobId) {
        return jdbc.sql("SELECT * FROM checkpoints WHERE job_id = :job ORDER BY step DESC")
                .param("job", jobId)
                .query(Checkpoints::read)
                .list();
    }

    public Optional<Checkpoint> last(String jobId) {
        return of(jobId).stream().findFirst();
    }

    /** The checkpoint of a step, for a live attempt of the job. */
    public Checkpoint get(AttemptId id, int step) {
        attempts.require(id);
        return of(id.jobId()).stream()
                .filter(checkpoint -> checkpoint.step() == step)
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("checkpoint of step", Integer.toString(step)));
    }

    /**
     * Streams a checkpoint in; then the oldest ones beyond those that are kept go.
     *
     * @param sha256 what the sender says the content is
     */
    public void store(AttemptId id, int step, InputStream content, String sha256) throws IOException {
        try (StagedObject staged = uploads.stage(id, content, sha256)) {
            List<String> removed = transactions.execute(status -> store(id, step, staged));
            removed.forEach(objects::deleteUnreferenced);
        }
    }

    /** @return the SHA-256 of each object that lost a row */
    private List<String> store(AttemptId id, int step, StagedObject staged) {
        attempts.hold(id);
        StoredObject content = objects.keep(staged);
        Optional<String> replaced = delete(id.jobId(), step);
        insert(id, step, content);
        List<String> removed = new ArrayList<>(deleteOld(id.jobId()));
        replaced.ifPresent(removed::add);
        return removed;
    }

    private Optional<String> delete(String jobId, int step) {
        return jdbc.sql("DELETE FROM checkpoints WHERE job_id = :job AND step = :step RETURNING sha256")
                .param("job", jobId)
                .param("step", step)
                .query(String.class)
                .optional();
    }

    private void insert(AttemptId id, int step, StoredObject content) {
        jdbc.sql("""
                INSERT INTO checkpoints (id, job_id, attempt, step, sha256, bytes, created_at)
                VALUES (:id, :job, :attempt, :step, :sha256, :bytes, now())
                """)
                .param("id", ids.next("ftckpt"))
                .param("job", id.jobId())
                .param("attempt", id.number())
                .param("step", step)
                .param("sha256", content.sha256())
                .param("bytes", content.bytes())
                .update();
    }

    private List<String> deleteOld(String jobId) {
        return jdbc.sql("""
                DELETE FROM checkpoints
                WHERE job_id = :job AND step NOT IN (
                    SELECT step FROM checkpoints WHERE job_id = :job ORDER BY step DESC LIMIT :kept
                )
                RETURNING sha256
                """)
                .param("job", jobId)
                .param("kept", settings.keptCheckpoints())
                .query(String.class)
                .list();
    }

    private static Checkpoint read(ResultSet row, int index) throws SQLException {
        return new Checkpoint(
                row.getString("id"),
                row.getString("job_id"),
                row.getInt("attempt"),
                row.getInt("step"),
                new StoredObject(row.getString("sha256"), row.getLong("bytes")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
