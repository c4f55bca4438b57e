package dev.remix.agent.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remix.protocol.FailureKind;
import dev.remix.protocol.JobSpec;
import dev.remix.protocol.ModelRevision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseModelsTest {
    @TempDir
    Path temporary;

    private Path model;
    private BaseModels models;

    @BeforeEach
    void lay() throws IOException {
        model = Jobs.model(temporary.resolve("models"));
        models = new BaseModels(temporary.resolve("models"));
    }

    @Test
    void modelOfTheRightRevisionIsFound() throws IOException {
        assertThat(models.find(new JobSpec.Model("tiny", ModelRevision.of(model))))
                .isEqualTo(model);
    }

    @Test
    void changedWeightsAreAnotherRevision() throws IOException {
        var accepted = new JobSpec.Model("tiny", ModelRevision.of(model));
        Files.writeString(model.resolve("model.safetensors"), "other weights");

        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> models.find(accepted))
                .withMessageContaining("not the one")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"huge", "", ".", "..", "../models/tiny", "tiny/../../models/tiny", "/etc"})
    void nothingElseIsAModel(String id) {
        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> models.find(new JobSpec.Model(id, "0")))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND));
    }
}
