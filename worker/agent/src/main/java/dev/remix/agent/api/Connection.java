package dev.remix.agent.api;

import dev.remix.protocol.Wire;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** One authenticated way to the service: sends a request and sorts what comes back into answers and {@link ApiException}s. */
record Connection(HttpClient client, URI base, String token) {

    static HttpClient newClient() {
        // HTTP/1.1: the upgrade to 2 would be tried on each request, bodies of checkpoints included.
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    Connection withToken(String other) {
        return new Connection(client, base, other);
    }

    HttpRequest.Builder post(String path, String contentType, BodyPublisher body) {
        return request(path).header("Content-Type", contentType).POST(body);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token);
    }

    /** The answer, if its status is a 2xx. The timeout covers the whole exchange, the answer's body included. */
    HttpResponse<byte[]> send(HttpRequest request, BodyHandler<byte[]> body, Duration timeout)
            throws ApiException, InterruptedException {
        var response = exchange(request, body, timeout);
        if (response.statusCode() / 100 == 2) return response;
        throw refusal(request, response);
    }

    static <T> T read(HttpResponse<byte[]> answer, Class<T> type) throws ApiException.Away {
        try {
            return Wire.json().readValue(answer.body(), type);
        } catch (JacksonException e) {
            throw new ApiException.Away(told(answer.request(), "was answered with something unreadable"), e);
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest request, BodyHandler<byte[]> body, Duration timeout)
            throws ApiException, InterruptedException {
        var answer = client.sendAsync(request, body);
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ApiException.Away(told(request, "failed"), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new ApiException.Away(told(request, "had no answer in " + timeout), e);
        } finally {
            answer.cancel(true);
        }
    }

    private static ApiException refusal(HttpRequest request, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        var problem = problem(response.body());
        String code = problem.path("error").path("code").asString("");
        String message = told(request, "was answered " + status + " " + code);
        if (status >= 500 || status == 429 || status == 408) return new ApiException.Away(message);
        if (code.equals("sequence_gap"))
            return new ApiException.SequenceGap(
                    message, problem.path("next_seq").asLong(1));
        if (code.equals("lease_lost") || status == 401 || status == 403) return new ApiException.LeaseLost(message);
        return new ApiException.Refused(status, code, message);
    }

    private static JsonNode problem(byte[] body) {
        try {
            return body.length == 0 ? MissingNode.getInstance() : Wire.json().readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    private static String told(HttpRequest request, String what) {
        return request.method() + " " + request.uri().getPath() + " " + what;
    }
}
