package dev.remix.engine.checkpoint;

import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.Weight;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Trained parameters, optimizer state and a text that says how far the run was, as a safetensors file whose metadata holds
 * the text and a SHA-256 over the whole file. Noise and data order are functions of (seed, step), so they need no state here.
 *
 * @param progress whatever the run needs beside tensors, as JSON
 */
public record Checkpoint(String progress, List<Weight> tensors) {
    private static final String PROGRESS = "progress";

    public Checkpoint {
        tensors = List.copyOf(tensors);
    }

    /** Under a temporary name, synced, then renamed: a file of this name is always whole. */
    public void write(Path file) {
        SafetensorsWriter.writeSealed(file, tensors, NumberFormat.F32, Map.of(PROGRESS, progress));
    }

    /** A file that is not what was written, be it by one bit, is refused as STORAGE, and before its tensors take memory. */
    public static Checkpoint read(Path file) {
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            stored.requireSeal();
            return new Checkpoint(stored.metadata().getOrDefault(PROGRESS, ""), stored.readAll());
        }
    }
}
