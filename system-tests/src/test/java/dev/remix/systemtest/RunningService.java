package dev.remix.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A service in a process of its own, on an empty data directory, with its embedded PostgreSQL and its local launcher. Started
 * before the first test of a class; after the last one, whatever happened, none of its processes is left.
 */
final class RunningService implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
    private static final Duration TIME_TO_START = Duration.ofMinutes(4);
    private static final Duration TIME_TO_STOP = Duration.ofMinutes(1);

    private final List<String> settings;
    private final int port = freePort();
    private final Path directory;
    private final Processes processes;
    private final Thread killer;
    private @Nullable Process process;

    private RunningService(List<String> settings) {
        this.settings = settings;
        this.directory = temporaryDirectory();
        this.processes = new Processes(directory);
        this.killer = new Thread(processes::kill, "killer of " + directory);
    }

    /** @param settings of the service, such as {@code remix.queue.lease=4s} */
    static RunningService with(String... settings) {
        return new RunningService(List.of(settings));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Runtime.getRuntime().addShutdownHook(killer);
        try {
            start();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** Starts the service, again if it was stopped or killed, and waits until it answers. */
    void start() {
        try {
            var builder = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().put("REMIX_HOME", Installation.home().toString());
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until("the service answers", TIME_TO_START, this::answers);
    }

    private List<String> command() {
        var command = new ArrayList<>(List.of(
                Installation.java(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                Installation.service().toString(),
                "--server.port=" + port,
                "--remix.data-directory=" + data(),
                "--remix.models-directory=" + Installation.models()));
        settings.forEach(setting -> command.add("--" + setting));
        return command;
    }

    private boolean answers() {
        if (!isRunning()) throw new AssertionError("The service ended:\n" + logged());
        return api().isHealthy();
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** SIGTERM, as from Ctrl-C or an init system; returns when the process has ended. */
    void terminate() {
        end(running().toHandle()::destroy);
    }

    /** {@code kill -9}: nothing is stopped in good order, the workers and PostgreSQL go on. */
    void kill() {
        end(running().toHandle()::destroyForcibly);
    }

    private void end(Runnable signal) {
        signal.run();
        try {
            if (!running().waitFor(TIME_TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("The service does not end:\n" + logged());
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while the service was ending", e);
        }
    }

    private Process running() {
        if (process == null) throw new IllegalStateException("the service was not started");
        return process;
    }

    Api api() {
        return new Api(url(), key());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The admin key, or an empty one before the first start has made it. */
    String key() {
        try {
            var file = data().resolve("admin.key");
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path data() {
        return directory.resolve("data");
    }

    Processes processes() {
        return processes;
    }

    String logged() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return directory.resolve("service.log");
    }

    @Override
    public void close() {
        if (Files.notExists(directory)) return;
        try {
            if (isRunning()) terminate();
        } finally {
            Await.until("no process is left", TIME_TO_STOP, this::noneIsLeft);
            delete(directory);
            Runtime.getRuntime().removeShutdownHook(killer);
        }
    }

    private boolean noneIsLeft() {
        processes.kill();
        return processes.all().isEmpty();
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("remix-system-test-").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
