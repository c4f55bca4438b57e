package dev.remix.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus with the shipped configuration, scraping a service of this test every second. */
final class PrometheusServer implements AutoCloseable {
    private static final Set<String> NO_NUMBER = Set.of("NaN", "+Inf", "-Inf");

    private final Process process;
    private final URI url;
    private final HttpClient http = HttpClient.newHttpClient();

    private PrometheusServer(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /**
     * @param shipped the directory {@code ops/prometheus}
     * @param work an empty directory
     */
    static PrometheusServer start(Tool prometheus, Path shipped, URI service, Path work) throws IOException {
        Path rules = Files.createDirectories(work.resolve("rules"));
        Files.copy(shipped.resolve("rules/remix.yml"), rules.resolve("remix.yml"));
        Path config = Files.writeString(
                work.resolve("prometheus.yml"),
                Files.readString(shipped.resolve("prometheus.yml"))
                        .replace("web-api:8080", service.getAuthority())
                        .replaceAll("(scrape|evaluation)_interval: \\d+s", "$1_interval: 1s"));
        int port = freePort();
        Process process = new ProcessBuilder(prometheus.command(
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + work.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("prometheus.log").toFile())
                .start();
        return new PrometheusServer(process, URI.create("http://127.0.0.1:" + port));
    }

    /** Whether the expression has a value that is a number now; false too while Prometheus is still starting. */
    boolean hasData(String expression) {
        JsonNode answer;
        try {
            answer = query(expression);
        } catch (ConnectException starting) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        if (!answer.path("status").asString().equals("success")) {
            throw new AssertionError(expression + ": " + answer.path("error").asString());
        }
        return answer.path("data")
                .path("result")
                .valueStream()
                .map(series -> series.path("value").path(1).asString())
                .anyMatch(value -> !NO_NUMBER.contains(value));
    }

    private JsonNode query(String expression) throws IOException, InterruptedException {
        URI query = url.resolve("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        return JsonMapper.shared()
                .readTree(http.send(HttpRequest.newBuilder(query).build(), BodyHandlers.ofString())
                        .body());
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
