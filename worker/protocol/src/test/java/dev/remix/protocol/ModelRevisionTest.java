package dev.remix.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRevisionTest {
    @TempDir
    Path model;

    @BeforeEach
    void aModelOfTwoShards() throws IOException {
        write("config.json", "{}");
        write("tokenizer.json", "{\"model\":{}}");
        write("tokenizer_config.json", "{}");
        write("model-00001-of-00002.safetensors", "first");
        write("model-00002-of-00002.safetensors", "second");
    }

    @Test
    void sameFilesHaveTheSameRevision() throws IOException {
        assertThat(ModelRevision.of(model)).matches("[0-9a-f]{64}").isEqualTo(ModelRevision.of(model));
    }

    @Test
    void filesThatDoNotDecideTheTrainingDoNotCount() throws IOException {
        String before = ModelRevision.of(model);
        write("README.md", "a card");
        assertThat(ModelRevision.of(model)).isEqualTo(before);
    }

    @Test
    void everyPinnedFileCounts() throws IOException {
        String before = ModelRevision.of(model);
        write("tokenizer_config.json", "{ }");
        assertThat(ModelRevision.of(model)).isNotEqualTo(before);
    }

    @Test
    void bytesCannotMoveFromOneFileToTheNext() throws IOException {
        String before = ModelRevision.of(model);
        write("model-00001-of-00002.safetensors", "firsts");
        write("model-00002-of-00002.safetensors", "econd");
        assertThat(ModelRevision.of(model)).isNotEqualTo(before);
    }

    @Test
    void modelWithoutWeightsHasNoRevision() throws IOException {
        Files.delete(model.resolve("model-00001-of-00002.safetensors"));
        Files.delete(model.resolve("model-00002-of-00002.safetensors"));
        assertThatThrownBy(() -> ModelRevision.of(model)).isInstanceOf(NoSuchFileException.class);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(model.resolve(name), content);
    }
}
