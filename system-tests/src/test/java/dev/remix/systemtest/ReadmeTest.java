package dev.remix.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's examples as they stand: the blocks marked {@code sh} under "Use it over HTTP" are one shell script, run with
 * REMIX_URL and REMIX_KEY set, in a directory that looks like the checkout's.
 */
@Timeout(600)
@ExtendWith(SharedService.class)
class ReadmeTest {
    private static final Pattern SECTION = Pattern.compile("(?ms)^## Use it over HTTP$(.*?)^## ");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh$(.*?)^```$");

    private final RunningService service;

    @TempDir
    Path directory;

    ReadmeTest(RunningService service) {
        this.service = service;
    }

    @Test
    void examplesWorkAsTheyStand() throws Exception {
        var dataSets = Files.createSymbolicLink(
                directory.resolve("datasets"), Installation.home().resolve("datasets"));
        String output;
        try {
            output = run(script());
        } finally {
            Files.delete(dataSets);
        }

        assertThat(output).contains("\"succeeded\"").contains("step,loss,learning_rate");
        try (var adapter = new ZipFile(directory.resolve("adapter.zip").toFile())) {
            assertThat(adapter.stream().map(Object::toString))
                    .anyMatch(name -> name.endsWith("adapter_model.safetensors"));
        }
    }

    private static String script() throws IOException {
        var section = SECTION.matcher(Files.readString(Installation.home().resolve("README.md")));
        assertThat(section.find()).as("the README has the section").isTrue();
        var script = BLOCK.matcher(section.group(1))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining());
        assertThat(script).as("the README's examples").contains("curl");
        return script;
    }

    private String run(String script) throws IOException, InterruptedException {
        var output = directory.resolve("output.txt");
        var builder = new ProcessBuilder("bash", "-eu", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("REMIX_URL", service.url().toString());
        builder.environment().put("REMIX_KEY", service.key());
        var process = builder.start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as("the examples end")
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            return Files.readString(output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
