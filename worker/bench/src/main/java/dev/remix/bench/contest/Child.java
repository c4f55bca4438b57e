package dev.remix.bench.contest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A process that says one line of JSON when it is ready and then answers each line with a line. It computes only while it is
 * asked, and ends when its input does, so that none outlives its parent.
 */
public final class Child implements AutoCloseable {
    private static final int LOGGED_LINES = 5;

    private final String name;
    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;
    private final Path log;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.log = log;
    }

    /** Starts it and waits until it is ready. */
    public static Child start(String name, List<String> command, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        // A thread that spins for its next piece of work takes the core from another that has some.
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        builder.environment().put("GOMP_SPINCOUNT", "30000");
        try {
            Child child = new Child(name, builder.start(), log);
            child.answer();
            return child;
        } catch (IOException e) {
            throw new ContestException(command.getFirst() + " can't be started: " + e.getMessage(), e);
        }
    }

    public JsonNode ask(JsonNode question) {
        try {
            questions.write(question + "\n");
            questions.flush();
            return answer();
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /** Of a contestant: runs its next steps. */
    public Block run(int steps) {
        return Wire.JSON.treeToValue(ask(Wire.JSON.createObjectNode().put("steps", steps)), Block.class);
    }

    private JsonNode answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw ended(null);
        }
        try {
            return Wire.JSON.readTree(line);
        } catch (JacksonException e) {
            throw new ContestException(name + " said \"" + line + "\", which is not JSON.", e);
        }
    }

    private ContestException ended(@Nullable Throwable cause) {
        return new ContestException(name + " ended before its time. The end of " + log + ":\n" + endOfLog(), cause);
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOGGED_LINES), lines.size()));
        } catch (IOException e) {
            return "(it can't be read: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() {
        try {
            questions.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
