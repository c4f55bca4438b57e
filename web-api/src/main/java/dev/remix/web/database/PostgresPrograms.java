package dev.remix.web.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the class path once, and how to run them. */
final class PostgresPrograms {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private final Path directory;
    private final Path log;

    private PostgresPrograms(Path directory, Path log) {
        this.directory = directory;
        this.log = log;
    }

    /**
     * @param directory where they are, or will be, unpacked
     * @param log receives what they print
     */
    static PostgresPrograms in(Path directory, Path log) throws IOException {
        if (Files.notExists(directory)) {
            Path unfinished = directory.resolveSibling(directory.getFileName() + ".new");
            FileSystemUtils.deleteRecursively(unfinished);
            unpack(unfinished);
            Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresPrograms(directory, log);
    }

    private static void unpack(Path target) throws IOException {
        InputStream archive = PostgresPrograms.class.getResourceAsStream(ARCHIVE);
        if (archive == null) {
            throw new IOException("PostgreSQL is only bundled for Linux on x86-64; name a server with --database-url.");
        }
        try (TarArchiveInputStream entries =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                unpack(entry, entries, target.resolve(entry.getName()).normalize());
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, path);
            path.toFile().setExecutable((entry.getMode() & 0100) != 0);
        }
    }

    /** Runs a program to its end; anything but success is an exception that quotes the log. */
    void run(String program, String... arguments) throws IOException {
        if (exitCode(program, arguments) != 0) {
            throw new IOException("PostgreSQL's " + program + " failed. The end of " + log + ":\n" + endOfLog());
        }
    }

    int exitCode(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(withoutRoot());
        command.add(directory.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program + " was running", e);
        }
    }

    /**
     * PostgreSQL refuses to run as root. In a user namespace of its own without a mapping, root is a nameless user that
     * still owns its files.
     */
    private static List<String> withoutRoot() throws IOException {
        Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return uid.equals(0) ? List.of("unshare", "--user") : List.of();
    }

    private String endOfLog() throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 15), all.size()));
        }
    }
}
