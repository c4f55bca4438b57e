package dev.remix.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The calls of the public API that the client makes; each throws {@link ApiException} with the service's own words. */
final class ApiClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final String key;

    ApiClient(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    /** Streams the file; the answer is the stored file's object. */
    JsonNode upload(Path file, String purpose) throws IOException, InterruptedException {
        String boundary = "remix-" + UUID.randomUUID();
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n" + purpose
                + "\r\n--"
                + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + file.getFileName()
                + "\"\r\nContent-Type: application/jsonl\r\n\r\n";
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(head),
                BodyPublishers.ofFile(file),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        return json(request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(body));
    }

    JsonNode createJob(JsonNode body) throws IOException, InterruptedException {
        return json(request("/v1/fine_tuning/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    JsonNode job(String id) throws IOException, InterruptedException {
        return json(request("/v1/fine_tuning/jobs/" + id).GET());
    }

    /** Every step's values of the named series, oldest first. */
    JsonNode metrics(String jobId, String series) throws IOException, InterruptedException {
        return json(request("/v1/fine_tuning/jobs/" + jobId + "/metrics?series=" + series)
                .GET());
    }

    JsonNode cancel(String jobId) throws IOException, InterruptedException {
        return json(request("/v1/fine_tuning/jobs/" + jobId + "/cancel").POST(BodyPublishers.noBody()));
    }

    /** Writes the finetuned model's archive to the given file. */
    void downloadAdapter(String model, Path archive) throws IOException, InterruptedException {
        String path = "/v1/models/" + URLEncoder.encode(model, StandardCharsets.UTF_8) + "/adapter";
        HttpResponse<InputStream> answer = http.send(request(path).GET().build(), BodyHandlers.ofInputStream());
        try (InputStream content = answer.body()) {
            if (answer.statusCode() != 200) {
                throw refusal(answer.statusCode(), new String(content.readAllBytes(), StandardCharsets.UTF_8));
            }
            Files.copy(content, archive);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).header("Authorization", "Bearer " + key);
    }

    private JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request.header("Accept", "application/json").build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw refusal(answer.statusCode(), answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** An answer that is not a problem document (a proxy's page, say) is shown by its beginning. */
    private static ApiException refusal(int status, String body) {
        String detail;
        try {
            detail = JSON.readTree(body).path("error").path("message").asString(body);
        } catch (JacksonException notJson) {
            detail = body.substring(0, Math.min(200, body.length()));
        }
        return new ApiException("the service answered " + status + ": " + detail);
    }
}
