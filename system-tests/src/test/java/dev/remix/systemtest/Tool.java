package dev.remix.systemtest;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program of the machine that a suite needs. Where it is missing the test is skipped, loudly and with the command that
 * installs it; with {@code -Dremix.test.required=true}, as in CI, it fails.
 */
record Tool(Path executable) {

    static Tool of(String name, String installation) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Tool::new)
                .orElseGet(() -> missing(name + " is not installed. Install it: " + installation));
    }

    /** Runs to the end; the test fails with the program's own words unless it exits with 0. */
    String run(Object... arguments) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            fail(String.join(" ", command(arguments)) + "\n" + output);
        }
        return output;
    }

    List<String> command(Object... arguments) {
        return Stream.concat(Stream.of(executable), Stream.of(arguments))
                .map(Object::toString)
                .toList();
    }

    private static Tool missing(String message) {
        System.err.println("SKIPPED: " + message);
        return Boolean.getBoolean("remix.test.required") ? fail(message) : abort(message);
    }
}
