package dev.remix.service.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.fixture.ServiceTest;
import dev.remix.service.Refusal;
import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StagedObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.transaction.support.TransactionTemplate;

@ServiceTest
class ModelsTest {
    private static final String REVISION = "0".repeat(64);

    @Autowired
    private Models models;

    @Autowired
    private ObjectStore objects;

    @Autowired
    private TransactionTemplate transactions;

    @Value("${remix.models-directory}")
    private Path directory;

    @Test
    void aDirectoryWithConfigurationAndTokenizerIsABaseModel() throws IOException {
        install("tiny", "{\"max_position_embeddings\": 256}");
        install("broken", "{");
        install("wordless", "{}");
        Files.createDirectories(directory.resolve("empty"));

        assertThat(models.baseModels()).extracting(BaseModel::id).containsExactly("tiny");
        assertThat(models.findBase("tiny").orElseThrow().contextLength()).isEqualTo(256);
        assertThat(models.findBase("../tiny")).isEmpty();
    }

    @Test
    void aPublishedModelIsFoundWithItsFiles() throws IOException {
        FinetunedModel published = publish("ftjob-1", "support", "weights");
        assertThat(published.id()).matches("ft:tiny:support:[0-9a-z]{10}");

        FinetunedModel found = models.findFinetuned(published.id()).orElseThrow();
        assertThat(found.jobId()).isEqualTo("ftjob-1");
        assertThat(found.files()).extracting(ModelFile::name).containsExactly("adapter_model.safetensors");
        try (InputStream content = models.open(found.files().getFirst().content())) {
            assertThat(new String(content.readAllBytes(), UTF_8)).isEqualTo("weights");
        }
    }

    @Test
    void aModelWithoutASuffixLeavesItsPlaceEmpty() throws IOException {
        assertThat(publish("ftjob-2", null, "weights").id()).matches("ft:tiny::[0-9a-z]{10}");
    }

    @Test
    void aDeletedModelTakesItsFilesWithIt() throws IOException {
        FinetunedModel published = publish("ftjob-3", "gone", "only here");
        models.deleteFinetuned(published.id());
        assertThat(models.findFinetuned(published.id())).isEmpty();
        assertThatThrownBy(() -> models.open(published.files().getFirst().content()))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> models.deleteFinetuned(published.id())).isInstanceOf(Refusal.class);
    }

    private FinetunedModel publish(String job, @Nullable String suffix, String weights) throws IOException {
        try (StagedObject staged = objects.stage(new ByteArrayInputStream(weights.getBytes(UTF_8)))) {
            return transactions.execute(status -> models.publish(new Publication(
                    job,
                    "tiny",
                    REVISION,
                    suffix,
                    List.of(new ModelFile("adapter_model.safetensors", objects.keep(staged))))));
        }
    }

    private void install(String name, String configuration) throws IOException {
        Path model = Files.createDirectories(directory.resolve(name));
        Files.writeString(model.resolve("config.json"), configuration);
        Files.writeString(model.resolve("tokenizer.json"), "{}");
    }
}
