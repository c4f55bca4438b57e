package dev.remix.engine.checkpoint;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkpoints of a run, one file a step, of which the newest that is whole is the one to go on from. */
public final class CheckpointFiles {
    private static final Pattern NAME = Pattern.compile("checkpoint-([0-9]{1,9})\\.safetensors");

    private CheckpointFiles() {}

    public static Path at(Path directory, int step) {
        return directory.resolve("checkpoint-" + step + ".safetensors");
    }

    public static List<Path> newestFirst(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> step(file) >= 0)
                    .sorted(Comparator.comparingInt(CheckpointFiles::step).reversed())
                    .toList();
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, "The checkpoints can't be listed: " + e.getMessage(), e);
        }
    }

    private static int step(Path file) {
        Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    /**
     * The first that is whole; empty when none is.
     *
     * @param damaged is told of each newer one what is wrong with it, in a sentence that names it
     */
    public static Optional<Checkpoint> newestWhole(List<Path> newestFirst, Consumer<EngineException> damaged) {
        for (Path file : newestFirst) {
            try {
                return Optional.of(Checkpoint.read(file));
            } catch (EngineException e) {
                damaged.accept(e);
            }
        }
        return Optional.empty();
    }
}
