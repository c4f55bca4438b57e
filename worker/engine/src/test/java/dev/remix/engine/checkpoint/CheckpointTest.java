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

    /** Each byte to each of several others: a whole flip, one bit, and what leaves JSON as it was, other white space. */
    @Test
    void noticesAByteThatChangedAnywhere() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length; at++) {
            for (int other : new int[] {bytes[at] ^ 0xff, bytes[at] ^ 1, bytes[at] ^ 0x20, '\t', '0'}) {
                if ((byte) other != bytes[at]) {
                    byte[] changed = bytes.clone();
                    changed[at] = (byte) other;
                    refuses(changed);
                }
            }
        }
    }

    @Test
    void noticesThatItIsCutShortOrLonger() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length++) {
            refuses(Arrays.copyOf(bytes, length));
        }
        refuses(Arrays.copyOf(bytes, bytes.length + 1));
    }

    private void refuses(byte[] content) throws IOException {
        Files.write(file, content);
        assertThatThrownBy(() -> Checkpoint.read(file))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isIn(Kind.STORAGE, Kind.INVALID_SPEC))
                .hasMessageStartingWith("checkpoint-3.safetensors ");
    }

    @Test
    void saysThatItsDigestDiffers() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Checkpoint.read(file))
                .hasMessage("checkpoint-3.safetensors is damaged: its SHA-256 differs.");
    }

    @Test
    void takesAProgressThatLooksLikeASeal() {
        String odd = "{\"sha256\":\"" + "0".repeat(64) + "\"}";
        new Checkpoint(odd, List.of()).write(file);
        assertThat(Checkpoint.read(file).progress()).isEqualTo(odd);
    }
}
