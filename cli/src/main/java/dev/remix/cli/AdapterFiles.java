package dev.remix.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.JsonNode;

/**
 * A downloaded adapter.
 *
 * @param weights the file {@code adapter_model.safetensors}
 * @param sha256 of that file, computed here from the bytes on disk
 */
record AdapterFiles(Path weights, String sha256) {
    private static final String WEIGHTS = "adapter_model.safetensors";

    static AdapterFiles download(ApiClient api, JsonNode job, Path directory) throws IOException, InterruptedException {
        String model = job.path("fine_tuned_model").asString();
        Path target = directory.resolve(job.path("id").asString());
        Files.createDirectories(target);
        Path archive = target.resolve("adapter.zip");
        api.downloadAdapter(model, archive);
        unpack(archive, target);
        Files.delete(archive);
        Path weights = target.resolve(WEIGHTS);
        return new AdapterFiles(weights, sha256(weights));
    }

    /** What the service says the weights hash to, of a job's list of files. */
    static String publishedSha256(JsonNode files) {
        for (JsonNode file : files) {
            if (file.path("name").asString().equals(WEIGHTS)) {
                return file.path("sha256").asString();
            }
        }
        throw new ApiException("the finished job names no file " + WEIGHTS);
    }

    private static void unpack(Path archive, Path target) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!target.equals(file.getParent())) {
                    throw new IOException(
                            "the adapter's archive names a file outside its directory: " + entry.getName());
                }
                Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
