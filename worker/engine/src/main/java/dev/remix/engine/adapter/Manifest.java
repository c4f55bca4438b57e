package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA256SUMS: what {@code sha256sum --check} reads, one line a file. */
final class Manifest {
    private static final String NAME = "SHA256SUMS";

    private Manifest() {}

    static void write(Path directory, List<String> names) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            lines.append(sha256(directory.resolve(name)))
                    .append("  ")
                    .append(name)
                    .append('\n');
        }
        Files.writeString(directory.resolve(NAME), lines);
    }

    /** A directory without a manifest is somebody else's and is taken as it is. */
    static void verify(Path directory) {
        Path manifest = directory.resolve(NAME);
        if (!Files.exists(manifest)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(manifest)) {
                int space = line.indexOf("  ");
                String name = line.substring(space + 2);
                if (space < 0 || !sha256(directory.resolve(name)).equals(line.substring(0, space))) {
                    throw new EngineException(
                            Kind.STORAGE,
                            "The adapter is damaged: " + name + " differs from its line in " + NAME + ".");
                }
            }
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, "The adapter can't be read: " + e.getMessage(), e);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            in.transferTo(new DigestOutputStream(java.io.OutputStream.nullOutputStream(), digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
