package dev.remix.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.decoder.DecoderTensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations as models are published with them give as many parameters as the models are known to have. */
class PublishedModelsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "llama-2-7b, 6738415616",
        "llama-3.1-8b, 8030261248",
        "llama-3.2-1b, 1235814400",
        "mistral-7b-v0.1, 7241732096",
        "mistral-nemo, 12247782400",
        "qwen2.5-7b, 7615616512",
        "qwen3-8b, 8190735360",
        "gemma-2-2b, 2614341888",
        "gemma-3-1b, 999885952"
    })
    void haveTheirParameters(String model, long parameters) throws IOException {
        Files.copy(Path.of("src/test/resources/configurations", model + ".json"), directory.resolve("config.json"));
        DecoderTensors tensors = new DecoderTensors(DecoderConfig.read(directory));
        assertThat(Stream.concat(tensors.matrices().stream(), tensors.vectors().stream())
                        .map(Tensor::shape)
                        .mapToLong(shape -> shape.stream().reduce(1L, Math::multiplyExact))
                        .sum())
                .isEqualTo(parameters);
    }
}
