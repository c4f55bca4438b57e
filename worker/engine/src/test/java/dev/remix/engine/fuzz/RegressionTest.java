package dev.remix.engine.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The fuzzer's seeds and all its findings so far, without the fuzzer. */
class RegressionTest {
    static Stream<Arguments> inputs() {
        return Arrays.stream(Target.values())
                .flatMap(target -> files(target).map(file -> Arguments.of(target, file.getFileName(), file)));
    }

    private static Stream<Path> files(Target target) {
        try (Stream<Path> files = Files.list(target.seeds())) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("inputs")
    void endsOrRefusesInOneSentence(Target target, Path name, Path file) throws IOException {
        byte[] input = Files.readAllBytes(file);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> target.read(input), name::toString);
    }
}
