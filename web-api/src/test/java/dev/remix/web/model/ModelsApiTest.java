package dev.remix.web.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StagedObject;
import dev.remix.service.model.FinetunedModel;
import dev.remix.service.model.ModelFile;
import dev.remix.service.model.Models;
import dev.remix.service.model.Publication;
import dev.remix.web.Api;
import dev.remix.web.Api.Answer;
import dev.remix.web.WebTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@WebTest
class ModelsApiTest {
    private static final String HELLO_SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @Autowired
    private Api api;

    @Autowired
    private Models models;

    @Autowired
    private ObjectStore objects;

    @Autowired
    private TransactionTemplate transactions;

    @Value("${remix.models-directory}")
    private Path directory;

    @BeforeEach
    void installBaseModel() throws IOException {
        Path model = Files.createDirectories(directory.resolve("tiny"));
        Files.writeString(model.resolve("config.json"), "{\"max_position_embeddings\": 256}");
        Files.writeString(model.resolve("tokenizer.json"), "{}");
    }

    @Test
    void baseAndFinetunedModelsAreListedAndShown() throws IOException {
        FinetunedModel published = publish("ftjob-1");
        JsonNode list = api.get("/v1/models").json();
        assertThat(list.at("/data/0/id").stringValue()).isEqualTo("tiny");
        assertThat(list.path("data").valueStream().map(model -> model.path("id").stringValue()))
                .contains("tiny", published.id());

        JsonNode model = api.get("/v1/models/" + published.id()).json();
        assertThat(model.path("object").stringValue()).isEqualTo("model");
        assertThat(model.path("base").stringValue()).isEqualTo("tiny");
        assertThat(model.path("job_id").stringValue()).isEqualTo("ftjob-1");
        assertThat(api.get("/v1/models/tiny").json().path("context_length").asInt())
                .isEqualTo(256);
    }

    @Test
    void aModelIsFoundWhetherItsColonsAreEscapedOrNot() throws IOException {
        String id = publish("ftjob-2").id();
        assertThat(api.get("/v1/models/" + id.replace(":", "%3A"))
                        .json()
                        .path("id")
                        .stringValue())
                .isEqualTo(id);
    }

    @Test
    void theAdapterIsAZipWithChecksums() throws IOException {
        Answer answer = api.get("/v1/models/" + publish("ftjob-3").id() + "/adapter");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/zip");
        assertThat(unzip(answer.bytes()))
                .containsExactly(
                        Map.entry("adapter_model.safetensors", "hello"),
                        Map.entry("remix_adapter.py", "hello"),
                        Map.entry(
                                "SHA256SUMS",
                                HELLO_SHA256 + "  adapter_model.safetensors\n" + HELLO_SHA256
                                        + "  remix_adapter.py\n"));
    }

    @Test
    void aFinetunedModelIsDeletedAndABaseModelIsNot() throws IOException {
        String id = publish("ftjob-4").id();
        assertThat(api.delete("/v1/models/" + id).json().path("deleted").booleanValue())
                .isTrue();
        assertThat(api.get("/v1/models/" + id).status()).isEqualTo(404);
        assertThat(api.delete("/v1/models/" + id).status()).isEqualTo(404);
        assertThat(api.delete("/v1/models/tiny").status()).isEqualTo(403);
    }

    @Test
    void anUnknownModelIsNotFound() {
        assertThat(api.get("/v1/models/nothing").status()).isEqualTo(404);
        assertThat(api.get("/v1/models/nothing/adapter").status()).isEqualTo(404);
        assertThat(api.get("/v1/models/tiny/adapter").status()).isEqualTo(404);
    }

    private FinetunedModel publish(String job) throws IOException {
        try (StagedObject staged = objects.stage(new ByteArrayInputStream("hello".getBytes(UTF_8)))) {
            return transactions.execute(status -> models.publish(new Publication(
                    job,
                    "tiny",
                    "0".repeat(64),
                    "support",
                    // Workers upload a manifest of their own beside the weights.
                    List.of(
                            new ModelFile("adapter_model.safetensors", objects.keep(staged)),
                            new ModelFile("remix_adapter.py", objects.keep(staged)),
                            new ModelFile("SHA256SUMS", objects.keep(staged))))));
        }
    }

    private static Map<String, String> unzip(byte[] bytes) throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        return entries;
    }
}
