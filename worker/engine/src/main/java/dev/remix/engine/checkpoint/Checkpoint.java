package dev.remix.engine.checkpoint;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.Weight;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Trained parameters, optimizer state and a text that says how far the run was, as a safetensors file whose metadata holds
 * the text and a SHA-256 over both. Noise and data order are functions of (seed, step), so they need no state here.
 *
 * @param progress whatever the run needs beside tensors, as JSON
 */
public record Checkpoint(String progress, List<Weight> tensors) {
    private static final String PROGRESS = "progress";
    private static final String DIGEST = "sha256";

    public Checkpoint {
        tensors = List.copyOf(tensors);
    }

    /** Under a temporary name, synced, then renamed: a file of this name is always whole. */
    public void write(Path file) {
        SafetensorsWriter.write(
                file, tensors, NumberFormat.F32, Map.of(PROGRESS, progress, DIGEST, digestOf(progress, tensors)));
    }

    /** A file that is not what was written is refused as STORAGE. */
    public static Checkpoint read(Path file) {
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            Map<String, String> metadata = new HashMap<>(stored.metadata());
            String progress = metadata.getOrDefault(PROGRESS, "");
            if (!digestOf(progress, stored.data()).equals(metadata.get(DIGEST))) {
                throw new EngineException(
                        Kind.STORAGE, "Checkpoint " + file.getFileName() + " is damaged: its SHA-256 differs.");
            }
            return new Checkpoint(
                    progress, stored.names().stream().map(stored::read).toList());
        }
    }

    private static String digestOf(String progress, MemorySegment data) {
        MessageDigest digest = sha256(progress);
        long chunk = 1 << 20;
        for (long from = 0; from < data.byteSize(); from += chunk) {
            digest.update(
                    data.asSlice(from, Math.min(chunk, data.byteSize() - from)).asByteBuffer());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String digestOf(String progress, Collection<Weight> tensors) {
        MessageDigest digest = sha256(progress);
        for (Weight tensor : tensors) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(tensor.values());
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256(String begin) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(begin.getBytes(StandardCharsets.UTF_8));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
