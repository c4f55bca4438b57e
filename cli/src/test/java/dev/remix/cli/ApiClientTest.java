package dev.remix.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiClientTest {
    private record Received(String line, String authorization, String body) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private HttpServer server;
    private ApiClient api;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        api = new ApiClient(URI.create("http://localhost:" + server.getAddress().getPort()), "rmx_secret");
    }

    @AfterEach
    void stop() {
        api.close();
        server.stop(0);
    }

    @Test
    void uploadSendsPurposeAndContentWithTheKey(@TempDir Path directory) throws Exception {
        answer(200, "{\"id\":\"file-1\"}");
        Path file = Files.writeString(directory.resolve("train.jsonl"), "{\"messages\":[]}\n");

        assertThat(api.upload(file, "fine-tune").path("id").asString()).isEqualTo("file-1");

        Received request = received.take();
        assertThat(request.line()).isEqualTo("POST /v1/files");
        assertThat(request.authorization()).isEqualTo("Bearer rmx_secret");
        assertThat(request.body())
                .contains("name=\"purpose\"\r\n\r\nfine-tune\r\n")
                .contains("filename=\"train.jsonl\"")
                .contains("\r\n\r\n{\"messages\":[]}\n\r\n--");
    }

    @Test
    void aRefusalIsSaidInTheServicesWords() {
        answer(422, "{\"error\":{\"message\":\"line 3: unknown role 'boss'\"}}");

        assertThatThrownBy(() -> api.job("ftjob-1"))
                .isInstanceOf(ApiException.class)
                .hasMessage("the service answered 422: line 3: unknown role 'boss'");
    }

    @Test
    void anAnswerThatIsNotJsonIsShownByItsBeginning() {
        answer(502, "<html>bad gateway</html>");

        assertThatThrownBy(() -> api.job("ftjob-1")).hasMessage("the service answered 502: <html>bad gateway</html>");
    }

    @Test
    void aModelsColonsSurviveThePath(@TempDir Path directory) throws Exception {
        answer(200, "zip");

        api.downloadAdapter("ft:remix-tiny:demo:abc", directory.resolve("a.zip"));

        assertThat(received.take().line()).isEqualTo("GET /v1/models/ft%3Aremix-tiny%3Ademo%3Aabc/adapter");
        assertThat(directory.resolve("a.zip")).hasContent("zip");
    }

    private void answer(int status, String body) {
        server.createContext("/", exchange -> {
            received.add(read(exchange));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private static Received read(HttpExchange exchange) throws IOException {
        return new Received(
                exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }
}
