package dev.remix.service.job;

import dev.remix.service.dataset.DataSetUse;
import dev.remix.service.model.ModelUse;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A job needs its data sets, and the model it starts from, until it has finished; afterwards they may be deleted. */
@Component
class UnfinishedJobs implements DataSetUse, ModelUse {
    private final JdbcClient jdbc;

    UnfinishedJobs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<String> userOf(String fileId) {
        return jdbc.sql("""
                SELECT id FROM jobs
                WHERE finished_at IS NULL
                  AND :file IN (spec->'training'->>'file_id', spec->'validation'->>'file_id', spec->'test'->>'file_id')
                ORDER BY id LIMIT 1
                """).param("file", fileId).query(String.class).optional();
    }

    @Override
    public Optional<String> userOfModel(String modelId) {
        return jdbc.sql("""
                SELECT id FROM jobs
                WHERE finished_at IS NULL AND spec->'initial_model'->>'id' = :model ORDER BY id LIMIT 1
                """).param("model", modelId).query(String.class).optional();
    }
}
