package dev.remix.service.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished job's adapter, to become a model.
 *
 * @param base identifier of the base model
 * @param baseRevision SHA-256 over the base model's files, as the job was trained on
 * @param suffix the user's own part of the model's name, or null
 */
public record Publication(
        String jobId,
        String base,
        String baseRevision,
        @Nullable String suffix,
        List<ModelFile> files) {
    public Publication {
        files = List.copyOf(files);
    }
}
