package dev.remix.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong is refused by name, before anything is kept or run. */
@Timeout(600)
@ExtendWith(SharedService.class)
class BadInputTest {
    private static final String GOOD = example("user", "What is 2 + 2?", "assistant", "4");

    private final RunningService service;
    private final Api api;

    BadInputTest(RunningService service) {
        this.service = service;
        this.api = service.api();
    }

    static Stream<Arguments> badDataSets() {
        return Stream.of(
                arguments(
                        "invalid UTF-8",
                        bytes(GOOD, "\n{\"messages\": \"", (byte) 0xC3, "\"}\n"),
                        2,
                        "",
                        "invalid_utf8"),
                arguments(
                        "broken JSON", bytes(GOOD, "\n", GOOD, "\n{\"messages\": [\n"), 3, "/messages", "invalid_json"),
                arguments(
                        "an unknown role",
                        bytes(GOOD, "\n", example("user", "Hi", "robot", "Hi")),
                        2,
                        "/messages/1/role",
                        "unknown_role"),
                arguments("nothing", bytes(), 1, "", "empty_file"),
                arguments(
                        "only system messages",
                        bytes(example("system", "Be kind.", "system", "Be brief.")),
                        1,
                        "/messages",
                        "only_system_messages"),
                arguments(
                        "an example longer than the context",
                        bytes(GOOD, "\n", example("user", "word ".repeat(100_000), "assistant", "4")),
                        2,
                        "/messages",
                        "example_too_long"),
                arguments(
                        "10 MB on one line",
                        bytes(GOOD, "\n", example("user", "x".repeat(10 << 20), "assistant", "4")),
                        2,
                        "",
                        "line_too_long"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badDataSets")
    void badDataSetIsRefusedByLineAndNothingOfItIsKept(
            String what, byte[] content, int line, String pointer, String code) {
        var before = files();

        var refusal = api.upload("bad.jsonl", content, "fine-tune");

        assertThat(refusal.status()).isBetween(400, 422);
        assertThat(refusal.body().path("error").path("param").asString()).isEqualTo("file");
        assertThat(refusal.body().path("errors").valueStream()).anySatisfy(problem -> {
            assertThat(problem.path("line").asInt()).isEqualTo(line);
            assertThat(problem.path("pointer").asString()).isEqualTo(pointer);
            assertThat(problem.path("code").asString()).isEqualTo(code);
        });
        assertThat(refusal.body().toString()).doesNotContain("Source:", "Exception", "dev.remix");
        assertThat(files()).isEqualTo(before);
    }

    static Stream<Arguments> badJobs() {
        return Stream.of(
                arguments("an unknown model", Map.of("model", "gpt-5"), "model"),
                arguments("K > N", Map.of("adapter", Map.of("loras", 4, "active", 5)), "adapter.active"),
                arguments("M < 2", Map.of("adapter", Map.of("draws", 1)), "adapter.draws"),
                arguments("rank 0", Map.of("adapter", Map.of("rank", 0)), "adapter.rank"),
                arguments("an unknown field", Map.of("adapter", Map.of("ranks", 4)), "adapter.ranks"),
                arguments("an unknown file", Map.of("training_file", "file-none"), "training_file"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badJobs")
    void badJobIsRefusedByItsField(String what, Map<String, Object> change, String field) {
        var job = new HashMap<>(SmallJob.on(upload("fine-tune")));
        job.putAll(change);

        assertRefusedBy(field, job);
    }

    @Test
    void heldOutSetIsNotTrainedOn() {
        assertRefusedBy("training_file", SmallJob.on(upload("evals")));
    }

    private void assertRefusedBy(String field, Map<String, Object> job) {
        var refusal = api.post("/v1/fine_tuning/jobs", job);

        assertThat(refusal.status()).isIn(400, 404, 422);
        assertThat(refusal.body().path("error").path("param").asString()).isEqualTo(field);
        assertThat(refusal.body().path("error").path("message").asString()).isNotBlank();
    }

    private String upload(String purpose) {
        var answer = api.upload("good.jsonl", bytes(GOOD, "\n"), purpose);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().path("id").asString();
    }

    /** Everything the service keeps, its database's own files aside. */
    private List<Path> files() {
        try (var files = Files.walk(service.data())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(service.data().resolve("postgres")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String example(String role, String content, String otherRole, String otherContent) {
        return """
            {"messages": [{"role": "%s", "content": "%s"}, {"role": "%s", "content": "%s"}]}""".formatted(role, content, otherRole, otherContent);
    }

    private static byte[] bytes(Object... parts) {
        var bytes = new ByteArrayOutputStream();
        for (var part : parts) {
            if (part instanceof Byte one) bytes.write(one);
            else bytes.writeBytes(part.toString().getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
