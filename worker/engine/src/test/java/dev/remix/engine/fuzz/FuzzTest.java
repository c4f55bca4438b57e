package dev.remix.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jazzer on every target, each in a process of its own: it instruments whatever it loads, and an input that exhausts memory
 * takes down nothing else. {@code -Dremix.fuzz.seconds} is the time of all targets together.
 */
@Tag("fuzz")
class FuzzTest {
    private static final int SECONDS = Integer.getInteger("remix.fuzz.seconds", 600) / Target.values().length;

    @ParameterizedTest
    @EnumSource
    void findsNothing(Target target) throws IOException, InterruptedException {
        Path directory = Path.of("target/fuzz", target.directory()).toAbsolutePath();
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        Path log = directory.resolve("log");
        Process jazzer = new ProcessBuilder(command(target, directory, corpus))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(jazzer.waitFor(SECONDS + 120L, TimeUnit.SECONDS))
                    .as("%s ends; see %s", target, log)
                    .isTrue();
        } finally {
            jazzer.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(log);
        assertThat(jazzer.exitValue())
                .as(
                        "%s: the input is a file in %s; mend its reader and add the input to %s.%n%s",
                        target,
                        directory,
                        target.seeds(),
                        String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size())))
                .isZero();
        System.out.printf("%s: %s%n", target, lines.getLast());
    }

    private static List<String> command(Target target, Path directory, Path corpus) {
        return List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.className(),
                "--instrumentation_includes=dev.remix.engine.**:tools.jackson.core.json.**",
                // Instrumenting them would take longer than the fuzzing, where the machine is busy.
                "--custom_hook_excludes=tools.jackson.**",
                "-max_total_time=" + SECONDS,
                "-max_len=8192",
                "-timeout=60",
                "-print_final_stats=0",
                "-artifact_prefix=" + directory + "/",
                "--reproducer_path=" + directory,
                corpus.toString(),
                target.seeds().toString());
    }
}
