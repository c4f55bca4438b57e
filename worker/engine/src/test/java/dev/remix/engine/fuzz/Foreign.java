package dev.remix.engine.fuzz;

import dev.remix.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/** What a reader may do with content of any kind: take it, or refuse it in one sentence. */
public final class Foreign {
    private static final int LONGEST_SENTENCE = 1_000;

    private Foreign() {}

    /** Lets the reader have a directory with one file, and deletes both afterwards. */
    public static void file(String name, byte[] content, Consumer<Path> reader) {
        try {
            Path directory = Files.createTempDirectory("foreign");
            Path file = directory.resolve(name);
            try {
                Files.write(file, content);
                read(() -> reader.accept(directory));
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whatever else the reader throws is a finding. */
    public static void read(Runnable reader) {
        try {
            reader.run();
        } catch (EngineException e) {
            requireSentence(Objects.requireNonNullElse(e.getMessage(), ""), e);
        }
    }

    private static void requireSentence(String message, EngineException e) {
        boolean plain = message.chars().noneMatch(Character::isISOControl);
        if (message.isBlank() || message.length() > LONGEST_SENTENCE || !plain) {
            throw new AssertionError("Not a sentence: " + message, e);
        }
    }
}
