package dev.remix.agent.attempt;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of one attempt, gone when it is closed. It is locked while its process lives, so that the next worker can tell
 * what a killed one left behind and removes it.
 */
final class WorkDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkDirectory.class);
    private static final String PREFIX = "attempt-";
    private static final String LOCK = ".lock";

    private final Path path;
    private final FileChannel lock;

    private WorkDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static WorkDirectory create(Path parent) throws IOException {
        Files.createDirectories(parent);
        removeLeftOvers(parent);
        var path = Files.createTempDirectory(parent, PREFIX);
        var lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        return new WorkDirectory(path, lock);
    }

    Path path() {
        return path;
    }

    Path directory(String name) throws IOException {
        return Files.createDirectory(path.resolve(name));
    }

    /** A run that could not be waited for may still write; what is left then goes when the next worker looks. */
    @Override
    public void close() {
        try (lock) {
            remove(path);
        } catch (IOException e) {
            log.warn("{} could not be removed yet", path, e);
        }
    }

    private static void removeLeftOvers(Path parent) throws IOException {
        try (var attempts = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (var attempt : attempts) removeIfAbandoned(attempt);
        }
    }

    /** A directory without a lock file is only just being made by another worker. */
    private static void removeIfAbandoned(Path attempt) throws IOException {
        if (!Files.isRegularFile(attempt.resolve(LOCK))) return;
        try (var channel = FileChannel.open(attempt.resolve(LOCK), StandardOpenOption.WRITE);
                @Nullable FileLock lock = channel.tryLock()) {
            if (lock == null) return;
            log.info("Removing {}, left by a worker that was killed", attempt);
            remove(attempt);
        } catch (OverlappingFileLockException e) {
            log.debug("{} is in use by this process", attempt);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
