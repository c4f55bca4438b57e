package dev.remix.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * An interpreter that has what the peers need.
 *
 * @param versions of the libraries, for people
 */
record Python(String interpreter, String versions) {
    private static final String PROBE = """
            import torch, transformers, peft
            print("torch", torch.__version__, "transformers", transformers.__version__, "peft", peft.__version__)
            """;

    static Optional<Python> find(String interpreter) {
        try {
            Process probe = new ProcessBuilder(List.of(interpreter, "-c", PROBE))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return probe.waitFor() == 0 ? Optional.of(new Python(interpreter, said)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
