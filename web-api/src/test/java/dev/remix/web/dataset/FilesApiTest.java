package dev.remix.web.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.service.dataset.DataSetUse;
import dev.remix.web.Api;
import dev.remix.web.Api.Answer;
import dev.remix.web.WebTest;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@WebTest
@Import(FilesApiTest.Users.class)
class FilesApiTest {
    private static final String SOUND =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\",\"content\":\"%s\"}]}\n";
    private static final int CONTEXT = 64;

    @TestConfiguration(proxyBeanMethods = false)
    static class Users {
        private String needed = "";

        @Bean
        DataSetUse test() {
            return id -> id.equals(needed) ? Optional.of("ftjob-7") : Optional.empty();
        }
    }

    @Autowired
    private Api api;

    @Autowired
    private Users users;

    @Autowired
    private JdbcClient jdbc;

    @Value("${remix.artifacts.directory}")
    private Path objects;

    @Value("${remix.models-directory}")
    private Path models;

    /** A byte-level model with a small context: an example's tokens are at least its bytes. */
    @BeforeEach
    void installModel() throws IOException {
        Path model = Files.createDirectories(models.resolve("small"));
        Files.writeString(model.resolve("config.json"), "{\"max_position_embeddings\": " + CONTEXT + "}");
        Files.writeString(model.resolve("tokenizer.json"), """
                {"model": {"type": "BPE", "vocab": {%s}}, "pre_tokenizer": {"type": "ByteLevel"}}
                """.formatted(allBytes()));
    }

    private static String allBytes() {
        StringBuilder entries = new StringBuilder("\"\\\"\":0,\"\\\\\":1");
        for (char letter = '!'; letter < 0x144; letter++) {
            if (letter != '"' && letter != '\\') {
                entries.append(",\"").append(letter).append("\":").append((int) letter);
            }
        }
        return entries.toString();
    }

    @AfterEach
    void deleteAll() {
        users.needed = "";
        api.get("/v1/files")
                .json()
                .path("data")
                .forEach(file -> api.delete("/v1/files/" + file.path("id").stringValue()));
    }

    @Test
    void anUploadAnswersWithOpenAisFileObject() {
        JsonNode file = api.upload(
                        "fine-tune", "train.jsonl", SOUND.formatted("4").getBytes(UTF_8))
                .json();
        assertThat(file.path("id").stringValue()).startsWith("file-");
        assertThat(file.path("object").stringValue()).isEqualTo("file");
        assertThat(file.path("purpose").stringValue()).isEqualTo("fine-tune");
        assertThat(file.path("filename").stringValue()).isEqualTo("train.jsonl");
        assertThat(file.path("status").stringValue()).isEqualTo("processed");
        assertThat(file.path("bytes").asInt()).isEqualTo(SOUND.formatted("4").length());
        assertThat(file.path("created_at").asLong()).isGreaterThan(1_700_000_000L);
        assertThat(file.at("/statistics/roles/assistant").asInt()).isEqualTo(1);
        assertThat(api.get("/v1/files/" + file.path("id").stringValue()).json()).isEqualTo(file);
    }

    @Test
    void thePurposeMayFollowTheFile() {
        Answer answer = api.sendForm(BodyPublishers.concat(
                Api.file("train.jsonl", SOUND.formatted("4").getBytes(UTF_8)),
                Api.field("purpose", "evals"),
                Api.end()));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("purpose").stringValue()).isEqualTo("evals");
    }

    @Test
    void theContentComesBackAsItWasSent() {
        String id = upload("4");
        Answer answer = api.get("/v1/files/" + id + "/content");
        assertThat(answer.text()).isEqualTo(SOUND.formatted("4"));
        assertThat(answer.header("Content-Type")).isEqualTo("application/jsonl");
        assertThat(answer.header("Content-Disposition")).contains("train.jsonl");
    }

    @Test
    void theValidationReportHasCountsAndAPreview() {
        JsonNode report = api.get("/v1/files/" + upload("4") + "/validation").json();
        assertThat(report.path("valid").booleanValue()).isTrue();
        assertThat(report.at("/statistics/examples").asInt()).isEqualTo(1);
        assertThat(report.at("/statistics/mean_characters").asDouble()).isEqualTo(5);
        assertThat(report.at("/preview/0/messages/1/content").stringValue()).isEqualTo("4");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void aBadFileIsRefusedWithItsPlaceAndLeavesNothing(String code, int line, String pointer, byte[] content)
            throws IOException {
        Answer answer = api.upload("fine-tune", "bad.jsonl", content);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.at("/error/code").stringValue()).isEqualTo("invalid_file");
        assertThat(problem.at("/error/param").stringValue()).isEqualTo("file");
        assertThat(problem.path("errors").size()).isEqualTo(1);
        assertThat(problem.at("/errors/0/code").stringValue()).isEqualTo(code);
        assertThat(problem.at("/errors/0/line").asInt()).isEqualTo(line);
        assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
        assertThat(problem.at("/totals/" + code).asInt()).isEqualTo(1);
        assertNothingIsStored();
    }

    static Stream<Arguments> badFiles() {
        String good = SOUND.formatted("4");
        byte[] badUtf8 = (good + SOUND.formatted("?")).getBytes(UTF_8);
        badUtf8[badUtf8.length - 6] = (byte) 0xC3;
        return Stream.of(
                Arguments.of("invalid_utf8", 2, "", badUtf8),
                Arguments.of("invalid_json", 3, "", (good + good + "{\n" + good).getBytes(UTF_8)),
                Arguments.of(
                        "unknown_role",
                        1,
                        "/messages/0/role",
                        SOUND.formatted("4").replace("user", "bot").getBytes(UTF_8)),
                Arguments.of("empty_file", 1, "", new byte[0]),
                Arguments.of("blank_file", 1, "", "\n\n".getBytes(UTF_8)),
                Arguments.of(
                        "only_system_messages",
                        2,
                        "/messages",
                        (good + "{\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}").getBytes(UTF_8)),
                Arguments.of(
                        "example_too_long",
                        2,
                        "/messages",
                        (good + SOUND.formatted("4".repeat(CONTEXT))).getBytes(UTF_8)),
                Arguments.of("line_too_long", 1, "", "x".repeat(10 << 20).getBytes(UTF_8)));
    }

    @Test
    void anExampleThatJustFitsIsTaken() {
        int promptBytes = "2+2?".length();
        assertThat(api.upload(
                                "fine-tune",
                                "x",
                                SOUND.formatted("4".repeat(CONTEXT - promptBytes))
                                        .getBytes(UTF_8))
                        .status())
                .isEqualTo(200);
        assertThat(api.upload(
                                "fine-tune",
                                "x",
                                SOUND.formatted("4".repeat(CONTEXT - promptBytes + 1))
                                        .getBytes(UTF_8))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aFormWithoutFileOrPurposeIsRefused() {
        assertRefused(api.sendForm(BodyPublishers.concat(Api.field("purpose", "evals"), Api.end())), "file", "missing");
        assertRefused(
                api.sendForm(BodyPublishers.concat(
                        Api.file("a.jsonl", SOUND.formatted("4").getBytes(UTF_8)), Api.end())),
                "purpose",
                "missing");
        assertRefused(
                api.upload("assistants", "a.jsonl", SOUND.formatted("4").getBytes(UTF_8)),
                "purpose",
                "invalid_purpose");
        assertRefused(
                api.sendForm(BodyPublishers.concat(Api.field("propose", "evals"), Api.end())),
                "propose",
                "unknown_field");
    }

    @Test
    void aFormThatBreaksOffIsRefusedAndLeavesNothing() throws IOException {
        Answer answer = api.sendForm(BodyPublishers.concat(
                Api.field("purpose", "fine-tune"),
                Api.file("a.jsonl", SOUND.formatted("4").getBytes(UTF_8))));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/code").stringValue()).isEqualTo("invalid_multipart");
        assertNothingIsStored();
    }

    @Test
    void aFileInUseIsNotDeleted() {
        String id = upload("4");
        users.needed = id;
        Answer refused = api.delete("/v1/files/" + id);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().at("/error/code").stringValue()).isEqualTo("file_in_use");

        users.needed = "";
        JsonNode deleted = api.delete("/v1/files/" + id).json();
        assertThat(deleted.path("deleted").booleanValue()).isTrue();
        assertThat(api.get("/v1/files/" + id).status()).isEqualTo(404);
    }

    @Test
    void aListIsReadPageByPage() {
        String first = upload("1");
        String second = upload("2");
        String third = upload("3");
        JsonNode page = api.get("/v1/files?limit=2").json();
        assertThat(page.path("object").stringValue()).isEqualTo("list");
        assertThat(page.path("first_id").stringValue()).isEqualTo(third);
        assertThat(page.path("last_id").stringValue()).isEqualTo(second);
        assertThat(page.path("has_more").booleanValue()).isTrue();

        JsonNode rest = api.get("/v1/files?limit=2&after=" + second).json();
        assertThat(rest.path("first_id").stringValue()).isEqualTo(first);
        assertThat(rest.path("has_more").booleanValue()).isFalse();
        assertThat(api.get("/v1/files?order=asc").json().path("first_id").stringValue())
                .isEqualTo(first);
        assertThat(api.get("/v1/files?purpose=evals").json().path("data").size())
                .isZero();
        assertRefused(api.get("/v1/files?limit=0"), "limit", "invalid_value");
        assertRefused(api.get("/v1/files?limit=many"), "limit", "invalid_value");
        assertRefused(api.get("/v1/files?order=up"), "order", "invalid_value");
        assertRefused(api.get("/v1/files?purpose=x"), "purpose", "invalid_purpose");
    }

    private String upload(String answer) {
        return api.upload("fine-tune", "train.jsonl", SOUND.formatted(answer).getBytes(UTF_8))
                .json()
                .path("id")
                .stringValue();
    }

    private static void assertRefused(Answer answer, String param, String code) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/param").stringValue()).isEqualTo(param);
        assertThat(answer.json().at("/error/code").stringValue()).isEqualTo(code);
    }

    private void assertNothingIsStored() throws IOException {
        try (Stream<Path> files = Files.walk(objects)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(jdbc.sql("SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM objects)")
                        .query(Integer.class)
                        .single())
                .isZero();
    }
}
