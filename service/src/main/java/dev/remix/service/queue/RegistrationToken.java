package dev.remix.service.queue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import org.springframework.stereotype.Component;

/**
 * The token with which workers claim. It comes from the configuration, or else lies in {@code worker.token} in the data
 * directory, readable by its owner only, where the first start puts it.
 */
@Component
public class RegistrationToken {
    private static final String FILE = "worker.token";

    private final String token;

    RegistrationToken(WorkerSettings settings, Tokens tokens) throws IOException {
        String configured = settings.worker().token();
        this.token =
                configured == null || configured.isBlank() ? ofDirectory(settings.dataDirectory(), tokens) : configured;
    }

    /** For a worker that this process starts. */
    public String value() {
        return token;
    }

    /** Compares in a time that does not tell how much was right. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(
                candidate.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static String ofDirectory(Path directory, Tokens tokens) throws IOException {
        Path file = Files.createDirectories(directory).resolve(FILE);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, tokens.next() + "\n", StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return Files.readString(file).strip();
    }
}
