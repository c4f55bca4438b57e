package dev.remix.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFilesTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void write() {
        for (int step : new int[] {8, 9, 10}) {
            Weight weight = new Weight("w", List.of(100L), new float[100]);
            new Checkpoint("step " + step, List.of(weight)).write(CheckpointFiles.at(directory, step));
        }
    }

    @Test
    void areInTheOrderOfTheirStepsAndOfNothingElse() throws IOException {
        Files.writeString(directory.resolve("checkpoint-11.safetensors.partial"), "");
        Files.writeString(directory.resolve("checkpoint-x.safetensors"), "");

        assertThat(CheckpointFiles.newestFirst(directory))
                .extracting(file -> String.valueOf(file.getFileName()))
                .containsExactly("checkpoint-10.safetensors", "checkpoint-9.safetensors", "checkpoint-8.safetensors");
    }

    @Test
    void theNewestWholeOneIsTakenAndEachDamagedOneTold() throws IOException {
        flip(CheckpointFiles.at(directory, 10), 300);
        cut(CheckpointFiles.at(directory, 9), 400);
        List<String> told = new ArrayList<>();

        assertThat(newestWhole(told)).isEqualTo(Optional.of("step 8"));
        assertThat(told)
                .containsExactly(
                        "checkpoint-10.safetensors is damaged: its SHA-256 differs.",
                        "checkpoint-9.safetensors is damaged: tensor w lies outside of the file.");
    }

    @Test
    void noneIsTakenWhereAllAreDamaged() throws IOException {
        for (Path file : CheckpointFiles.newestFirst(directory)) {
            cut(file, 5);
        }
        List<String> told = new ArrayList<>();

        assertThat(newestWhole(told)).isEmpty();
        assertThat(told).hasSize(3);
    }

    @Test
    void whereverTheNewestIsDamagedTheOneBeforeIsTaken() throws IOException {
        Path newest = CheckpointFiles.at(directory, 10);
        byte[] whole = Files.readAllBytes(newest);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            Files.write(newest, whole);
            if (i % 2 == 0) {
                flip(newest, random.nextInt(whole.length));
            } else {
                cut(newest, random.nextInt(whole.length));
            }
            assertThat(newestWhole(new ArrayList<>())).isEqualTo(Optional.of("step 9"));
        }
    }

    private Optional<String> newestWhole(List<String> told) {
        return CheckpointFiles.newestWhole(
                        CheckpointFiles.newestFirst(directory),
                        damaged -> told.add(String.valueOf(damaged.getMessage())))
                .map(Checkpoint::progress);
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private static void cut(Path file, int length) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
    }
}
