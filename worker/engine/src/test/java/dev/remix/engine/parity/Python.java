package dev.remix.engine.parity;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Python that {@code -Dremix.python} names, with the libraries that the goldens come from. Where they are missing a test is
 * skipped, loudly and with the command that installs them; with {@code -Dremix.test.required=true}, as in CI, it fails.
 */
public record Python(String executable) {
    private static final String LIBRARIES = "torch==2.7.1 transformers==4.57.3 peft==0.18.0 safetensors";

    public static Python withLibraries() {
        Python python = new Python(System.getProperty("remix.python", "python3"));
        try {
            return python.exit("-c", "import torch, transformers, peft, safetensors")
                                    .code()
                            == 0
                    ? python
                    : missing(python.executable + " lacks the libraries that the goldens come from");
        } catch (IOException e) {
            return missing("there is no " + python.executable);
        }
    }

    private static Python missing(String what) {
        String message = "%s. Install them, and name the Python with -Dremix.python=/path/to/python: pip install %s"
                .formatted(what, LIBRARIES);
        System.err.println("SKIPPED: " + message);
        return Boolean.getBoolean("remix.test.required") ? fail(message) : abort(message);
    }

    /** Runs a script of {@code src/test/python}; the test fails with Python's own words unless it exits with 0. */
    public void run(String script, Path... arguments) throws IOException {
        Exit exit = exit(Stream.concat(Stream.of(Path.of("src/test/python", script)), Stream.of(arguments))
                .map(Path::toString)
                .toArray(String[]::new));
        if (exit.code() != 0) {
            fail(script + "\n" + exit.output());
        }
    }

    private record Exit(int code, String output) {}

    private Exit exit(String... arguments) throws IOException {
        List<String> command =
                Stream.concat(Stream.of(executable), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Exit(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Python ran", e);
        }
    }
}
