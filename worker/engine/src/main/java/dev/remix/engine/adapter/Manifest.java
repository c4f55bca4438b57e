package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.files.ForeignDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SHA256SUMS: what {@code sha256sum --check} reads, one line a file. */
final class Manifest {
    private static final String NAME = "SHA256SUMS";
    private static final long MAX_BYTES = 100_000;

    /** A star marks a file that was summed in binary mode, which here is no difference. */
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *]([A-Za-z0-9_][A-Za-z0-9._-]{0,200})");

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

    /**
     * Holds the files against their lines. A directory without a manifest is somebody else's and is taken as it is.
     *
     * @param needed files that are going to be read, and so have to be in the manifest
     */
    static void verify(Path path, List<String> needed) {
        ForeignDirectory directory = new ForeignDirectory(path);
        if (!directory.has(NAME)) {
            return;
        }
        try {
            Map<String, String> sums = read(directory.require(NAME));
            for (String name : needed) {
                require(sums.containsKey(name), NAME + " has no line for " + name);
            }
            for (Map.Entry<String, String> line : sums.entrySet()) {
                require(
                        sha256(directory.require(line.getKey())).equals(line.getValue()),
                        line.getKey() + " differs from its line in " + NAME);
            }
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, "The adapter can't be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> read(Path manifest) throws IOException {
        require(Files.size(manifest) <= MAX_BYTES, NAME + " has over " + MAX_BYTES + " bytes");
        Map<String, String> sums = new HashMap<>();
        int number = 0;
        for (String line :
                Files.readString(manifest, StandardCharsets.ISO_8859_1).lines().toList()) {
            number++;
            Matcher matcher = LINE.matcher(line);
            require(matcher.matches(), "line " + number + " of " + NAME + " is no SHA-256 with a file's name");
            sums.put(matcher.group(2), matcher.group(1));
        }
        return sums;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new EngineException(
                    Kind.STORAGE, "The adapter is damaged: " + otherwise + "; get the adapter again.");
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
