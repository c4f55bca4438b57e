package dev.remix.web.problem;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.web.Api;
import dev.remix.web.Api.Answer;
import dev.remix.web.WebTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@WebTest
@Import(ProblemsApiTest.Sample.class)
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(properties = "remix.data-sets.max-file-size=1KB")
class ProblemsApiTest {
    private static final String SECRET = "password=hunter2";

    @TestConfiguration(proxyBeanMethods = false)
    @RestController
    static class Sample {
        record Body(String name, Inner inner, List<Inner> more, Object anything) {}

        record Inner(@Nullable Integer bigNumber) {}

        @PostMapping("/v1/sample")
        Map<String, Object> echo(@RequestBody Body body) {
            return Map.of("name", body.name());
        }

        @GetMapping("/v1/sample/broken")
        String broken() {
            throw new IllegalStateException(SECRET);
        }
    }

    @Autowired
    private Api api;

    @Test
    void withoutAKeyNothingIsAnswered() {
        Answer answer = api.send(api.anonymous("/v1/files"));
        assertProblem(answer, 401, "invalid_api_key", "authentication_error");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"remix\"");
        assertProblem(
                api.send(api.anonymous("/v1/files").header("Authorization", "Bearer rmx_wrong")),
                401,
                "invalid_api_key",
                "authentication_error");
    }

    @Test
    void anUnknownPathIsNotFound() {
        assertProblem(api.get("/v1/nothing"), 404, "not_found", "invalid_request_error");
        assertThat(api.get("/v1/nothing").json().path("detail").stringValue()).contains("/docs");
        assertProblem(api.get("/nothing.html"), 404, "not_found", "invalid_request_error");
    }

    @Test
    void aWrongMethodIsToldWhichAreAllowed() {
        Answer answer = api.send(api.request("/v1/files").PUT(BodyPublishers.noBody()));
        assertProblem(answer, 405, "method_not_allowed", "invalid_request_error");
        assertThat(answer.header("Allow")).contains("GET").contains("POST");
    }

    @Test
    void aTypeThatDoesNotExistIsNotAcceptable() {
        assertProblem(
                api.send(api.request("/v1/files").header("Accept", "image/png")),
                406,
                "not_acceptable",
                "invalid_request_error");
    }

    @Test
    void aBodyOfAnotherTypeIsUnsupported() {
        assertProblem(
                api.send(api.request("/v1/files")
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("x"))),
                415,
                "unsupported_media_type",
                "invalid_request_error");
    }

    @Test
    void brokenJsonIsNamedByLineAndColumn() {
        JsonNode problem = assertProblem(
                api.post("/v1/sample", "{\"name\": \"x\",\n oops}"), 400, "invalid_json", "invalid_request_error");
        assertThat(problem.path("detail").stringValue()).contains("line 2");
    }

    @Test
    void anUnknownFieldIsNamedByPointer() {
        JsonNode problem = assertProblem(
                api.post("/v1/sample", "{\"more\": [{\"big_number\": 1}, {\"bigNumber\": 2}]}"),
                400,
                "unknown_field",
                "invalid_request_error");
        assertThat(problem.at("/error/param").stringValue()).isEqualTo("more.1.bigNumber");
        assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo("/more/1/bigNumber");
        assertThat(problem.path("detail").stringValue()).contains("bigNumber");
    }

    @Test
    void aWrongTypeIsNamedByPointer() {
        JsonNode problem = assertProblem(
                api.post("/v1/sample", "{\"inner\": {\"big_number\": \"many\"}}"),
                400,
                "invalid_value",
                "invalid_request_error");
        assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo("/inner/big_number");
    }

    @Test
    void aRepeatedKeyIsRefused() {
        assertProblem(
                api.post("/v1/sample", "{\"name\": \"x\", \"name\": \"y\"}"),
                400,
                "invalid_json",
                "invalid_request_error");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhetherItTellsItsLengthOrNot() {
        String large = "{\"name\": \"" + "x".repeat(2 << 20) + "\"}";
        assertProblem(api.post("/v1/sample", large), 413, "too_large", "invalid_request_error");
        assertProblem(
                api.send(api.request("/v1/sample")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large.getBytes(US_ASCII))))),
                413,
                "too_large",
                "invalid_request_error");
    }

    @Test
    void aFileThatIsTooLargeIsRefused() {
        byte[] large = new byte[3 << 20];
        assertProblem(api.upload("fine-tune", "large.jsonl", large), 413, "file_too_large", "invalid_request_error");
    }

    @Test
    void jsonThatIsNestedTooDeeplyIsRefused() {
        assertProblem(
                api.post("/v1/sample", "{\"anything\": " + "[".repeat(5_000) + "]".repeat(5_000) + "}"),
                400,
                "limit_exceeded",
                "invalid_request_error");
    }

    @Test
    void aMissingBodyIsRefused() {
        assertProblem(api.post("/v1/sample", ""), 400, "missing_body", "invalid_request_error");
    }

    @Test
    void aFailureOfOurOwnTellsNothingButItsRequestIdWhichFindsItInTheLog(CapturedOutput log) {
        Answer answer = api.send(api.request("/v1/sample/broken").header("X-Request-Id", "my-own.id_7"));
        JsonNode problem = assertProblem(answer, 500, "internal_error", "server_error");
        assertThat(answer.text()).doesNotContain("hunter2").doesNotContain("Exception");
        assertThat(problem.path("request_id").stringValue()).isEqualTo("my-own.id_7");
        assertThat(log).contains("hunter2").contains("my-own.id_7");
    }

    @Test
    void anImproperRequestIdIsReplaced() {
        Answer answer = api.send(api.request("/v1/files").header("X-Request-Id", "a b;c"));
        assertThat(answer.header("X-Request-Id")).startsWith("req-");
    }

    @Test
    void aRequestThatTomcatRefusesIsAnsweredAsAProblemToo() throws IOException {
        assertThat(raw("GET /v1/files?a=<> HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("\"code\":\"bad_request\"");
        assertThat(raw("GET /v1/files HTTP/1.1\r\nHost: x\r\nX-Large: " + "x".repeat(20_000)
                        + "\r\nConnection: close\r\n\r\n"))
                .contains("application/problem+json");
    }

    @Test
    void aPathThatTheFirewallRefusesIsAnsweredAsAProblemToo() throws IOException {
        assertThat(raw("GET /v1/files//x;y=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", api.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private static JsonNode assertProblem(Answer answer, int status, String code, String type) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").stringValue()).isNotBlank();
        assertThat(problem.path("detail").stringValue()).isNotBlank();
        assertThat(problem.path("instance").stringValue()).startsWith("/");
        assertThat(problem.path("request_id").stringValue()).isNotBlank().isEqualTo(answer.header("X-Request-Id"));
        assertThat(problem.at("/error/code").stringValue()).isEqualTo(code);
        assertThat(problem.at("/error/type").stringValue()).isEqualTo(type);
        assertThat(problem.at("/error/message").stringValue())
                .isEqualTo(problem.path("detail").stringValue());
        return problem;
    }
}
