package dev.remix.service.queue;

import dev.remix.service.Refusal;
import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StagedObject;
import dev.remix.service.artifact.StoredObject;
import dev.remix.service.job.AttemptEnded;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Attempts;
import dev.remix.service.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** The files of the adapter that an attempt made, uploaded before it reports success. */
@Service
public class AdapterFiles {
    private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}";

    private final JdbcClient jdbc;
    private final Attempts attempts;
    private final Uploads uploads;
    private final ObjectStore objects;
    private final TransactionTemplate transactions;

    AdapterFiles(
            JdbcClient jdbc,
            Attempts attempts,
            Uploads uploads,
            ObjectStore objects,
            TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.attempts = attempts;
        this.uploads = uploads;
        this.objects = objects;
        this.transactions = transactions;
    }

    /** Streams one file in; a file of the same name is replaced. */
    public void store(AttemptId id, String name, InputStream content, String sha256) throws IOException {
        if (!name.matches(NAME)) {
            throw Refusal.invalid("filename", "invalid_name", "'%s' is no name for an adapter's file.".formatted(name));
        }
        try (StagedObject staged = uploads.stage(id, content, sha256)) {
            transactions.executeWithoutResult(status -> {
                attempts.hold(id);
                upsert(id, name, objects.keep(staged));
            });
        }
    }

    private void upsert(AttemptId id, String name, StoredObject content) {
        jdbc.sql("""
                INSERT INTO adapter_files (job_id, attempt, name, sha256, bytes)
                VALUES (:job, :attempt, :name, :sha256, :bytes)
                ON CONFLICT (job_id, attempt, name) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes
                """)
                .param("job", id.jobId())
                .param("attempt", id.number())
                .param("name", name)
                .param("sha256", content.sha256())
                .param("bytes", content.bytes())
                .update();
    }

    /** By then success has made them a model's, and of any other attempt nobody needs them: the store sweeps them away. */
    @EventListener
    void release(AttemptEnded ended) {
        jdbc.sql("DELETE FROM adapter_files WHERE job_id = :job AND attempt = :attempt")
                .param("job", ended.attempt().jobId())
                .param("attempt", ended.attempt().number())
                .update();
    }

    List<ModelFile> of(AttemptId id) {
        return jdbc.sql("SELECT * FROM adapter_files WHERE job_id = :job AND attempt = :attempt ORDER BY name")
                .param("job", id.jobId())
                .param("attempt", id.number())
                .query((row, index) -> new ModelFile(
                        row.getString("name"), new StoredObject(row.getString("sha256"), row.getLong("bytes"))))
                .list();
    }
}
