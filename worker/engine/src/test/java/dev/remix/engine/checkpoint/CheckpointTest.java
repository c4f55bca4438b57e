package dev.remix.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final Checkpoint CHECKPOINT = new Checkpoint(
            "{\"step\": 3}",
            List.of(
                    new Weight("factors.0", List.of(2L), new float[] {1, Float.MIN_VALUE}),
                    new Weight("routers.0", List.of(1L, 1L), new float[] {-0.0f})));

    @TempDir
    private Path directory;

    private Path file = Path.of("unset");

    @BeforeEach
    void write() {
        file = directory.resolve("checkpoint-3.safetensors");
        CHECKPOINT.write(file);
    }

    @Test
    void readsBackEveryBit() {
        Checkpoint read = Checkpoint.read(file);

        assertThat(read.progress()).isEqualTo(CHECKPOINT.progress());
        assertThat(read.tensors()).extracting(Weight::name).containsExactly("factors.0", "routers.0");
        assertThat(read.tensors().get(0).values()).containsExactly(1, Float.MIN_VALUE);
        assertThat(Float.floatToRawIntBits(read.tensors().get(1).values()[0]))
                .isEqualTo(Float.floatToRawIntBits(-0.0f));
    }

    @Test
    void leavesNoPartialFile() throws IOException {
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void refusesAFlippedBit() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);

        refuses("Checkpoint checkpoint-3.safetensors is damaged: its SHA-256 differs.");
    }

    @Test
    void refusesAChangedProgress() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("step") + 8;
        bytes[at] = '4';
        Files.write(file, bytes);

        refuses("Checkpoint checkpoint-3.safetensors is damaged: its SHA-256 differs.");
    }

    @Test
    void refusesAFileCutShort() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 2));

        refuses("checkpoint-3.safetensors is damaged: tensor routers.0 lies outside of the file.");
    }

    private void refuses(String sentence) {
        assertThatThrownBy(() -> Checkpoint.read(file))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STORAGE))
                .hasMessage(sentence);
    }
}
