package dev.remix.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    private static final List<String> FILES = List.of("adapter_config.json", "adapter_model.safetensors");

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        for (String file : FILES) {
            Files.writeString(directory.resolve(file), file);
        }
        Manifest.write(directory, FILES);
    }

    @Test
    void passesWhatItWrote() {
        Manifest.verify(directory, FILES);
    }

    @Test
    void passesADirectoryWithoutOne() throws IOException {
        Files.delete(directory.resolve("SHA256SUMS"));
        Manifest.verify(directory, FILES);
    }

    @Test
    void refusesAFileThatDiffers() throws IOException {
        Files.writeString(directory.resolve("adapter_config.json"), "{}");
        refuses("adapter_config.json differs from its line in SHA256SUMS");
    }

    @Test
    void refusesAFileThatItDoesNotName() throws IOException {
        Manifest.write(directory, List.of("adapter_config.json"));
        refuses("SHA256SUMS has no line for adapter_model.safetensors");
    }

    @Test
    void refusesLinesThatAreNone() throws IOException {
        for (String line : List.of("", "x", "0".repeat(64) + "  ", "0".repeat(64) + "  ../secret", "\u00ff")) {
            Files.writeString(directory.resolve("SHA256SUMS"), line + "\n");
            refuses("line 1 of SHA256SUMS is no SHA-256 with a file's name");
        }
    }

    @Test
    void refusesALargeOne() throws IOException {
        Files.write(directory.resolve("SHA256SUMS"), new byte[100_001]);
        refuses("SHA256SUMS has over 100000 bytes");
    }

    private void refuses(String problem) {
        assertThatThrownBy(() -> Manifest.verify(directory, FILES))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STORAGE))
                .hasMessage("The adapter is damaged: " + problem + "; get the adapter again.");
    }

    @Test
    void refusesAFileThatIsGone() throws IOException {
        Files.delete(directory.resolve("adapter_model.safetensors"));
        assertThatThrownBy(() -> Manifest.verify(directory, FILES))
                .hasMessage(directory.getFileName() + " has no adapter_model.safetensors.");
    }
}
