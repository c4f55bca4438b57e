package dev.remix.web.database;

import java.nio.file.Path;

/** Another service is running on the same data directory. */
public final class DataDirectoryInUse extends RuntimeException {
    DataDirectoryInUse(Path path) {
        super("The data directory " + path + " is in use by another Remix. Stop it, or name another directory.");
    }
}
