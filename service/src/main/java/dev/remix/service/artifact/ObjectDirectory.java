package dev.remix.service.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Objects as files, {@code ab/cdef…} under the directory; what is being written lies in {@code incoming/}. A file under its
 * final name is whole and synced, and so is its name.
 */
final class ObjectDirectory {
    private static final int NAME_LENGTH = 64;

    private final Path root;
    private final Path incoming;

    ObjectDirectory(Path root) throws IOException {
        this.root = root;
        this.incoming = Files.createDirectories(root.resolve("incoming"));
    }

    StagedObject stage(InputStream content) throws IOException {
        Path path = Files.createTempFile(incoming, "object", null);
        try {
            Digests.Digesting digesting = Digests.sha256(content);
            write(digesting, path);
            return new StagedObject(path, new StoredObject(digesting.hex(), Files.size(path)));
        } catch (IOException | RuntimeException | Error failed) {
            Files.deleteIfExists(path);
            throw failed;
        }
    }

    private static void write(InputStream content, Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            content.transferTo(out);
            channel.force(true);
        }
    }

    /** Gives staged bytes their final name; an object that is there already stays as it is. */
    void adopt(StagedObject staged) throws IOException {
        String sha256 = staged.content().sha256();
        if (Files.exists(path(sha256))) {
            return;
        }
        Path shard = Files.createDirectories(shard(sha256));
        Files.move(staged.path(), path(sha256), StandardCopyOption.ATOMIC_MOVE);
        sync(shard);
        sync(root);
    }

    /** A rename is durable only once its directory is. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    void delete(String sha256) throws IOException {
        Files.deleteIfExists(path(sha256));
    }

    Path path(String sha256) {
        return shard(sha256).resolve(sha256.substring(2));
    }

    private Path shard(String sha256) {
        return root.resolve(sha256.substring(0, 2));
    }

    /** What a process that was killed left half written. */
    void clearIncoming() throws IOException {
        for (Path leftover : list(incoming)) {
            Files.delete(leftover);
        }
    }

    /** The names of all objects on disk. */
    List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(root, 2)) {
            return files.map(root::relativize)
                    .map(path -> path.toString().replace("/", ""))
                    .filter(name -> name.length() == NAME_LENGTH)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
