package dev.remix.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What pins a base model: service and worker compute it on their own copy of the directory, so that a job never trains on
 * weights other than those it was created for.
 *
 * <p>The SHA-256 runs over {@code config.json}, {@code tokenizer.json}, {@code tokenizer_config.json} and the safetensors
 * files in name order, each preceded by its name, a zero byte and its length in eight bytes, so that bytes cannot move from
 * one file to the next unnoticed.
 */
public final class ModelRevision {
    private static final List<String> CONFIGURATION = List.of("config.json", "tokenizer.json", "tokenizer_config.json");

    private ModelRevision() {}

    /**
     * @param directory a Hugging Face model directory
     * @return the revision in lower-case hex
     * @throws NoSuchFileException when one of the files is missing
     */
    public static String of(Path directory) throws IOException {
        MessageDigest digest = sha256();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            for (Path file : pinned(directory)) {
                out.write(header(file));
                try (InputStream in = Files.newInputStream(file)) {
                    in.transferTo(out);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<Path> pinned(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        CONFIGURATION.forEach(name -> files.add(directory.resolve(name)));
        List<Path> weights = weights(directory);
        if (weights.isEmpty()) {
            throw new NoSuchFileException(directory.resolve("*.safetensors").toString());
        }
        files.addAll(weights);
        return files;
    }

    private static List<Path> weights(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
    }

    private static byte[] header(Path file) throws IOException {
        byte[] name = file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + 1 + Long.BYTES)
                .put(name)
                .put((byte) 0)
                .putLong(Files.size(file))
                .array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
