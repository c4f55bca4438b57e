package dev.remix.web.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path parent;

    @Test
    void isMadeWhenItIsMissing() throws IOException {
        try (DataDirectory directory = DataDirectory.open(parent.resolve("a/b"))) {
            assertThat(directory.path()).isDirectory().isAbsolute();
        }
    }

    @Test
    void belongsToOneServiceAtATime() throws IOException {
        try (DataDirectory first = DataDirectory.open(parent)) {
            assertThatThrownBy(() -> DataDirectory.open(first.path()))
                    .isInstanceOf(DataDirectoryInUse.class)
                    .hasMessageContaining(parent.toRealPath().toString());
        }
        try (DataDirectory second = DataDirectory.open(parent)) {
            assertThat(second.path()).isEqualTo(parent.toRealPath());
        }
    }
}
