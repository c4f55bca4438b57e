package dev.remix.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the build has made, laid out as {@code ./remix} runs it. */
final class Installation {
    private static final Path HOME =
            Path.of(System.getProperty("remix.home", "..")).toAbsolutePath().normalize();

    private Installation() {}

    static Path home() {
        return HOME;
    }

    static Path models() {
        return Path.of(System.getProperty("remix.models", HOME.resolve("models").toString()));
    }

    static Path dataSet(String name) {
        return HOME.resolve("datasets/skills").resolve(name);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The service as a jar beside its libraries, which starts in half the time of the boot jar that it is taken from. */
    static Path service() {
        return Unpacked.JAR;
    }

    private static final class Unpacked {
        static final Path JAR = unpack();

        private static Path unpack() {
            try {
                var target = Files.createDirectories(HOME.resolve("system-tests/target"));
                var directory = Files.createTempDirectory(target, "service-");
                run(
                        java(),
                        "-Djarmode=tools",
                        "-jar",
                        bootJar().toString(),
                        "extract",
                        "--force",
                        "--destination",
                        directory.toString());
                return only(directory, "*-boot.jar");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path bootJar() throws IOException {
            return only(HOME.resolve("web-api/target"), "remix-web-api-*-boot.jar");
        }
    }

    private static Path only(Path directory, String glob) throws IOException {
        try (var found = Files.newDirectoryStream(directory, glob)) {
            for (var path : found) return path;
        }
        throw new IllegalStateException("There is no " + glob + " in " + directory + "; run ./mvnw package first");
    }

    private static void run(String... command) throws IOException {
        var process = new ProcessBuilder(command).inheritIO().start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
