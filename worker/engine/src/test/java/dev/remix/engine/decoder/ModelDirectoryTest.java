package dev.remix.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {

    @Test
    void surroundingsAreAllButWeights(@TempDir Path from, @TempDir Path to) throws IOException {
        List<String> surroundings =
                List.of("README.md", "chat_template.jinja", "config.json", "tokenizer.json", "tokenizer_config.json");
        List<String> weights = List.of(
                "model.safetensors",
                "model-00001-of-00002.safetensors",
                "model.safetensors.index.json",
                "pytorch_model.bin",
                "pytorch_model.bin.index.json",
                "consolidated.00.pth",
                "model-q4.gguf");
        for (String name :
                Stream.concat(surroundings.stream(), weights.stream()).toList()) {
            Files.writeString(from.resolve(name), name);
        }
        Files.createDirectory(from.resolve("onnx"));
        ModelDirectory.copySurroundings(from, to);
        try (Stream<Path> copied = Files.list(to)) {
            assertThat(copied.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(surroundings);
        }
    }
}
