package dev.remix.service.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that are on disk and synced, and that nobody refers to yet; closing removes them unless they were kept. */
public final class StagedObject implements AutoCloseable {
    private final Path path;
    private final StoredObject content;

    StagedObject(Path path, StoredObject content) {
        this.path = path;
        this.content = content;
    }

    /** What it will be once kept. */
    public StoredObject content() {
        return content;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
