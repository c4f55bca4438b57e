package dev.remix.systemtest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API over plain HTTP, as somebody without an SDK uses it. */
record Api(URI url, String key) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String BOUNDARY = "----a-boundary-that-no-data-set-holds";
    private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled");

    /** Status and body. */
    record Answer(int status, JsonNode body) {}

    boolean isHealthy() {
        try {
            return send(request("/actuator/health").GET()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    String upload(Path file, String purpose) {
        try {
            return created(upload(file.getFileName().toString(), Files.readAllBytes(file), purpose));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Answer upload(String name, byte[] content, String purpose) {
        var head = part("purpose", "") + purpose + "\r\n" + part("file", "; filename=\"" + name + "\"");
        var body = List.of(
                head.getBytes(StandardCharsets.UTF_8),
                content,
                ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return answer(request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArrays(body)));
    }

    private static String part(String name, String more) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n";
    }

    String createJob(Map<String, Object> job) {
        return created(post("/v1/fine_tuning/jobs", job));
    }

    private static String created(Answer answer) {
        if (answer.status() / 100 != 2) throw new AssertionError("refused: " + answer);
        return answer.body().path("id").asString();
    }

    JsonNode job(String id) {
        return get("/v1/fine_tuning/jobs/" + id).body();
    }

    /** Waits until the job is as wanted; a job that ended otherwise fails the test at once. */
    JsonNode awaitJob(String id, String what, Duration atMost, Predicate<JsonNode> wanted) {
        return Await.value(what, atMost, () -> job(id), job -> {
            if (wanted.test(job)) return true;
            if (FINAL.contains(job.path("status").asString())) throw new AssertionError("not " + what + ": " + job);
            return false;
        });
    }

    JsonNode awaitSuccess(String id, Duration atMost) {
        return awaitJob(
                id, "succeeded", atMost, job -> job.path("status").asString().equals("succeeded"));
    }

    /** Waits until a running job has finished this step. */
    void awaitStep(String id, int step, Duration atMost) {
        awaitJob(
                id,
                "at step " + step,
                atMost,
                job -> job.path("progress").path("step").asInt() >= step);
    }

    /** Loss by step, in the order in which the API lists the steps. */
    List<JsonNode> metrics(String id) {
        return get("/v1/fine_tuning/jobs/" + id + "/metrics?series=loss")
                .body()
                .path("data")
                .valueStream()
                .toList();
    }

    Map<Integer, Double> losses(String id) {
        var losses = new TreeMap<Integer, Double>();
        metrics(id)
                .forEach(point -> losses.put(
                        point.path("step").asInt(), point.path("loss").asDouble()));
        return losses;
    }

    Answer get(String path) {
        return answer(request(path).GET());
    }

    Answer post(String path, Object body) {
        return answer(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key);
    }

    private static Answer answer(HttpRequest.Builder request) {
        try {
            var response = send(request);
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
