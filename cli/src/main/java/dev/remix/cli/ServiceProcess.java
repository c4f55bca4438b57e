package dev.remix.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service of our own, started through the launcher script and stopped with everything it started. */
final class ServiceProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Remix is ready on (http://\\S+)");
    private static final int STOP_SECONDS = 60;

    private final Process process;
    private final URI url;
    private final Path dataDirectory;
    private final Thread hook;

    private ServiceProcess(Process process, URI url, Path dataDirectory) {
        this.process = process;
        this.url = url;
        this.dataDirectory = dataDirectory;
        // Ctrl-C in a terminal reaches the child too; a SIGTERM to this process alone does not.
        this.hook = new Thread(this::stop, "stop-service");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Returns when the service says that it is ready; its output goes to {@code <data>/service.log}. */
    static ServiceProcess start(Path home, Path dataDirectory) throws IOException {
        Files.createDirectories(dataDirectory);
        Path log = dataDirectory.resolve("service.log");
        Process process = new ProcessBuilder(List.of(
                        home.resolve("remix").toString(),
                        "serve",
                        "--port",
                        Integer.toString(freePort()),
                        "--data-dir",
                        dataDirectory.toString()))
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                drain(output, log);
                return new ServiceProcess(process, URI.create(ready.group(1)), dataDirectory);
            }
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        throw new IOException("the service ended before it was ready; its log is " + log);
    }

    URI url() {
        return url;
    }

    String adminKey() throws IOException {
        return Files.readString(dataDirectory.resolve("admin.key")).strip();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running; it does what this method does.
            return;
        }
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void drain(BufferedReader output, Path log) {
        Thread.ofVirtual().name("service-output").start(() -> {
            try (var writer = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                output.transferTo(writer);
            } catch (IOException ended) {
                // The pipe breaks when the service stops; whatever it had to say before is in the log.
                return;
            }
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
