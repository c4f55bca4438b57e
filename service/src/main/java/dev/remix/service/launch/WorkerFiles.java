package dev.remix.service.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept on disk of workers: their output, and who they are, so that a service finds those that a killed one left.
 *
 * @param logs one file of output for each worker
 * @param running one file for each worker that runs, with its number and its start
 */
record WorkerFiles(Path logs, Path running) {
    private static final Logger log = LoggerFactory.getLogger(WorkerFiles.class);

    static WorkerFiles in(Path dataDirectory) {
        try {
            return new WorkerFiles(
                    Files.createDirectories(dataDirectory.resolve("logs")),
                    Files.createDirectories(dataDirectory.resolve("workers")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path log(String name) {
        return logs.resolve(name + ".log");
    }

    void remember(WorkerProcess process) throws IOException {
        Files.writeString(running.resolve(process.name()), process.handle().pid() + "\n" + process.started() + "\n");
    }

    void forget(String name) {
        try {
            Files.deleteIfExists(running.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the workers that are remembered and were not forgotten yet. */
    List<String> remembered() {
        try (Stream<Path> files = Files.list(running)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process of a remembered worker, if it still runs. */
    Optional<WorkerProcess> find(String name) {
        try {
            List<String> lines = Files.readAllLines(running.resolve(name));
            return lines.size() < 2
                    ? Optional.empty()
                    : WorkerProcess.find(name, Long.parseLong(lines.get(0)), Instant.parse(lines.get(1)));
        } catch (IOException e) {
            log.warn("What was remembered of worker {} cannot be read", name, e);
            return Optional.empty();
        }
    }
}
