package dev.remix.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remix.web.access.AdminKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Lazy;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP with the application under test, as any client would. */
@Lazy
public final class Api {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String BOUNDARY = "boundary-of-a-test";

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final String key;

    Api(@Value("${local.server.port}") int port, AdminKey adminKey) throws IOException {
        this.port = port;
        this.key = Files.readString(adminKey.file()).strip();
    }

    /** An answer; {@link #json()} of one that is none fails the test. */
    public record Answer(HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public byte[] bytes() {
            return response.body();
        }

        public String text() {
            return new String(bytes(), UTF_8);
        }

        public JsonNode json() {
            return JSON.readTree(bytes());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    public int port() {
        return port;
    }

    /** A request with the administrator's key, to be changed and sent. */
    public HttpRequest.Builder request(String path) {
        return anonymous(path).header("Authorization", "Bearer " + key);
    }

    public HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Answer get(String path) {
        return send(request(path));
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    public Answer post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    public Answer upload(String purpose, String filename, byte[] content) {
        return sendForm(BodyPublishers.concat(field("purpose", purpose), file(filename, content), end()));
    }

    /** Sends a form that was put together with {@link #field}, {@link #file} and {@link #end}. */
    public Answer sendForm(BodyPublisher form) {
        return send(request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(form));
    }

    public static BodyPublisher field(String name, String value) {
        return BodyPublishers.ofString(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(BOUNDARY, name, value));
    }

    public static BodyPublisher file(String filename, byte[] content) {
        return BodyPublishers.concat(
                BodyPublishers.ofString("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
                        .formatted(BOUNDARY, filename)),
                BodyPublishers.ofByteArray(content),
                BodyPublishers.ofString("\r\n"));
    }

    public static BodyPublisher end() {
        return BodyPublishers.ofString("--" + BOUNDARY + "--\r\n");
    }
}
