package dev.remix.agent.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void isGoneWithAllThatWasPutIntoIt() throws IOException {
        Path path;
        try (var directory = WorkDirectory.create(parent)) {
            path = directory.path();
            Files.writeString(directory.directory("inputs").resolve("training.jsonl"), "{}");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void removesWhatAKilledWorkerLeft() throws IOException {
        var left = Files.createDirectories(parent.resolve("attempt-of-a-killed-worker"));
        Files.createFile(left.resolve(".lock"));
        Files.writeString(left.resolve("records.ndjson"), "{}");

        try (var _ = WorkDirectory.create(parent)) {
            assertThat(left).doesNotExist();
        }
    }

    @Test
    void leavesTheDirectoryOfALivingWorkerAlone() throws IOException {
        try (var living = WorkDirectory.create(parent);
                var _ = WorkDirectory.create(parent)) {
            assertThat(living.path()).exists();
        }
    }

    @Test
    void leavesOtherFilesAlone() throws IOException {
        var mine = Files.writeString(parent.resolve("notes.txt"), "mine");

        try (var _ = WorkDirectory.create(parent)) {
            assertThat(mine).exists();
        }
    }
}
