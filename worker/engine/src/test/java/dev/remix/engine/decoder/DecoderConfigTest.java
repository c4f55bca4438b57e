package dev.remix.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderConfigTest {
    private static final String LLAMA = """
            {"model_type": "llama", "vocab_size": 264, "hidden_size": 128, "intermediate_size": 384,
             "num_hidden_layers": 4, "num_attention_heads": 4, "max_position_embeddings": 256%s}
            """;

    @TempDir
    private Path directory;

    @Test
    void fillsInWhatLlamaLeavesOut() throws IOException {
        assertThat(read(LLAMA.formatted("")))
                .isEqualTo(new DecoderConfig(264, 128, 384, 4, 4, 4, 32, 256, 1e-6, 10_000, false));
    }

    @Test
    void findsTheRotationInItsNewPlaceToo() throws IOException {
        String json = LLAMA.formatted(", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 500000.0}");
        assertThat(read(json).ropeTheta()).isEqualTo(500_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"model_type\": \"qwen2\" | model_type is qwen2; Llama decoders (llama) can be trained",
                "\"hidden_act\": \"gelu\" | hidden_act is gelu; silu is supported",
                "\"attention_bias\": true | attention_bias is set; biases are not supported",
                "\"mlp_bias\": true | mlp_bias is set; biases are not supported",
                "\"rope_scaling\": {\"rope_type\": \"llama3\"} | rope_scaling is of type llama3; unscaled rotary positions are"
                        + " supported",
                "\"num_key_value_heads\": 3 | num_attention_heads is no multiple of num_key_value_heads",
                "\"head_dim\": 31 | head_dim is odd, which rotary positions can't use",
                "\"vocab_size\": 0 | vocab_size is missing or not positive"
            })
    void refusesWhatWouldComputeSomethingElse(String member, String reason) {
        assertThatThrownBy(() -> read(LLAMA.formatted(", " + member))).hasMessage("config.json: " + reason + ".");
    }

    private DecoderConfig read(String json) throws IOException {
        Files.writeString(directory.resolve("config.json"), json);
        return DecoderConfig.read(directory);
    }
}
