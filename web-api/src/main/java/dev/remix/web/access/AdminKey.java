package dev.remix.web.access;

import dev.remix.service.access.ApiKeys;
import dev.remix.web.database.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Makes the administrator's key on the first start and writes it where only this user can read it. */
@Component
public class AdminKey implements ApplicationRunner {
    private final ApiKeys keys;
    private final Path file;

    AdminKey(ApiKeys keys, DataDirectory directory) {
        this.keys = keys;
        this.file = directory.path().resolve("admin.key");
    }

    /** Where the key is written. */
    public Path file() {
        return file;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        keys.createFirst("admin", this::write);
    }

    private void write(String secret) {
        try {
            Path unfinished = file.resolveSibling("admin.key.new");
            Files.deleteIfExists(unfinished);
            // Private from the first moment, not after the secret is in it.
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, secret + "\n");
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
