package dev.remix.web.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server that belongs to this process: data in {@code <directory>/data}, reachable from this machine only, with
 * a password that only this user can read. Commits are on disk before they are acknowledged.
 *
 * <p>The server is a daemon of its own session, so a Ctrl-C in the terminal does not reach it before we have said goodbye.
 * Whoever was killed left one running; the next start stops it first.
 */
final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String VERSION = "18.4";
    private static final String USER = "remix";
    private static final String STOP_SECONDS = "60";

    private final Path directory;
    private final Path data;
    private final PostgresPrograms programs;

    private EmbeddedPostgres(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.data = directory.resolve("data");
        this.programs = PostgresPrograms.in(directory.resolve("program-" + VERSION), directory.resolve("server.log"));
    }

    static EmbeddedPostgres start(Path directory, RandomGenerator random) throws IOException {
        EmbeddedPostgres server = new EmbeddedPostgres(directory);
        server.initialise(random);
        server.stopOrphan();
        server.start();
        return server;
    }

    String url() throws IOException {
        return "jdbc:postgresql://127.0.0.1:" + Files.readString(portFile()) + "/postgres";
    }

    String user() {
        return USER;
    }

    String password() throws IOException {
        return Files.readString(passwordFile());
    }

    /** Under a temporary name first: a data directory that was begun and not finished must not look like one. */
    private void initialise(RandomGenerator random) throws IOException {
        if (Files.exists(data)) {
            return;
        }
        writePassword(random);
        Path unfinished = directory.resolve("data.new");
        FileSystemUtils.deleteRecursively(unfinished);
        programs.run(
                "initdb",
                "--pgdata=" + unfinished,
                "--username=" + USER,
                "--pwfile=" + passwordFile(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8");
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void writePassword(RandomGenerator random) throws IOException {
        byte[] secret = new byte[24];
        random.nextBytes(secret);
        Files.deleteIfExists(passwordFile());
        Files.createFile(
                passwordFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile(), HexFormat.of().formatHex(secret));
    }

    /** The data directory's lock is ours, so a server that still runs on it has lost its service. */
    private void stopOrphan() throws IOException {
        Optional<ProcessHandle> orphan = recordedProcess();
        if (orphan.isPresent()) {
            log.info(
                    "Stopping PostgreSQL process {} of a service that was killed",
                    orphan.get().pid());
            stop();
        } else {
            Files.deleteIfExists(pidFile());
        }
    }

    /** The process that the data directory names, unless its number has meanwhile gone to another program. */
    private Optional<ProcessHandle> recordedProcess() throws IOException {
        if (Files.notExists(pidFile())) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile());
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> process.info().command().orElse("").endsWith("/postgres"));
    }

    private void start() throws IOException {
        programs.run(
                "pg_ctl",
                "start",
                "--wait",
                "--pgdata=" + data,
                "--log=" + directory.resolve("server.log"),
                "--options=-c port=" + choosePort() + " -c listen_addresses=127.0.0.1 -c unix_socket_directories="
                        + " -c fsync=on -c synchronous_commit=on -c timezone=UTC -c log_timezone=UTC");
    }

    /** The port of the last time, so that what is connected from outside finds the server again; else any free one. */
    private String choosePort() throws IOException {
        if (Files.exists(portFile()) && isFree(Integer.parseInt(Files.readString(portFile())))) {
            return Files.readString(portFile());
        }
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(any.getLocalPort());
            Files.writeString(portFile(), port, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            return port;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private void stop() throws IOException {
        programs.run("pg_ctl", "stop", "--wait", "--mode=fast", "--timeout=" + STOP_SECONDS, "--pgdata=" + data);
    }

    @Override
    public void close() throws IOException {
        stop();
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    private Path portFile() {
        return directory.resolve("port");
    }

    private Path passwordFile() {
        return directory.resolve("password");
    }
}
