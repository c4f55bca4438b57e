package dev.remix.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.remix.engine.EngineException;
import dev.remix.engine.decoder.DecoderConfig.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DecoderConfigTest {
    @TempDir
    private Path directory;

    @Test
    void fillsInWhatLlamaLeavesOut() throws IOException {
        assertThat(read("'model_type': 'llama'"))
                .isEqualTo(new DecoderConfig(264, 128, 384, 4, 4, 4, 32, 256, 1e-6, 10_000, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'rope_theta': 500000.0",
                "'rope_theta': 500000.0, 'rope_scaling': null",
                "'rope_theta': 500000.0, 'rope_scaling': {'type': 'default'}",
                "'rope_theta': 500000.0, 'rope_scaling': {'rope_type': 'dynamic', 'factor': 4.0}",
                "'rope_parameters': {'rope_type': 'default', 'rope_theta': 500000.0}"
            })
    void findsTheRotationWhereverItStands(String members) throws IOException {
        assertThat(read("'model_type': 'llama', " + members).rotary()).isEqualTo(Rotary.plain(500_000, 32));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'rope_scaling': {'type': 'linear', 'factor': 4.0}",
                "'rope_parameters': {'rope_type': 'linear', 'factor': 4, 'rope_theta': 10000.0}"
            })
    void dividesPositionsWhereTheScalingIsLinear(String members) throws IOException {
        Rotary rotary = read("'model_type': 'llama', " + members).rotary();
        assertThat(rotary.inverseFrequencies().get(0)).isEqualTo(0.25);
        assertThat(rotary.inverseFrequencies().get(8)).isEqualTo((double) (0.01f / 4));
    }

    /**
     * An exponent rounded to float32 moves a frequency by a dozen units in the last place, which at long positions no longer is
     * small; figures of transformers 4.57.3.
     */
    @ParameterizedTest
    @CsvSource({
        "500000.0, 128, 5, 0.3587302267551422",
        "500000.0, 128, 20, 0.016560440883040428",
        "500000.0, 128, 63, 2.4551407022954663e-06",
        "10000.0, 80, 33, 0.0005011872854083776"
    })
    void turnsByTheFrequenciesThatModelsWereTrainedWith(double theta, int width, int pair, double frequency) {
        assertThat(Rotary.plain(theta, width).inverseFrequencies().get(pair)).isEqualTo(frequency);
    }

    /** Llama 3.1's own; figures of transformers 4.57.3. */
    @ParameterizedTest
    @CsvSource({
        "20, 0.016560440883040428",
        "30, 0.0013718936825171113",
        "32, 0.0005248460220173001",
        "34, 0.0001785077911335975",
        "40, 3.428102354519069e-05"
    })
    void leavesShortWavesAndDividesLongOnesInLlama3(int pair, double frequency) throws IOException {
        Rotary rotary = read("""
                'model_type': 'llama', 'rope_theta': 500000.0, 'head_dim': 128,
                'rope_scaling': {'factor': 8.0, 'high_freq_factor': 4.0, 'low_freq_factor': 1.0,
                                 'original_max_position_embeddings': 8192, 'rope_type': 'llama3'}
                """).rotary();
        assertThat(rotary.inverseFrequencies().get(pair)).isCloseTo(frequency, withinPercentage(2e-5));
        assertThat(rotary.attentionFactor()).isEqualTo(1);
    }

    /** Qwen 2.5's for long contexts; figures of transformers 4.57.3. */
    @ParameterizedTest
    @CsvSource({
        "20, 0.01333521492779255",
        "28, 0.0018482765881344676",
        "34, 0.00033424055436626077",
        "40, 4.4456985051510856e-05"
    })
    void leavesTheFirstPairsAndDividesTheLastInYarn(int pair, double frequency) throws IOException {
        Rotary rotary = read("""
                'model_type': 'qwen2', 'num_key_value_heads': 2, 'rope_theta': 1000000.0, 'head_dim': 128,
                'rope_scaling': {'factor': 4.0, 'original_max_position_embeddings': 32768, 'type': 'yarn'}
                """).rotary();
        assertThat(rotary.inverseFrequencies().get(pair)).isCloseTo(frequency, withinPercentage(2e-5));
        assertThat(rotary.attentionFactor()).isCloseTo(1.138629436111989, withinPercentage(1e-9));
    }

    @Test
    void windowsAllLayersOfMistral() throws IOException {
        assertThat(read("'model_type': 'mistral', 'num_key_value_heads': 2, 'sliding_window': 32"))
                .satisfies(config -> assertThat(config.attention().windows()).containsExactly(32, 32, 32, 32))
                .satisfies(config -> assertThat(config.keyHeads()).isEqualTo(2));
        assertThat(windows("'model_type': 'mistral', 'num_key_value_heads': 2, 'sliding_window': null"))
                .containsOnly(0);
    }

    @Test
    void windowsTheUpperLayersOfQwen() throws IOException {
        String qwen = "'model_type': 'qwen2', 'num_key_value_heads': 2, 'sliding_window': 32, 'max_window_layers': 3";
        assertThat(windows(qwen)).containsOnly(0);
        assertThat(windows(qwen + ", 'use_sliding_window': true")).containsExactly(0, 0, 0, 32);
        assertThat(windows(qwen + ", 'use_sliding_window': true, 'layer_types': ['sliding_attention', 'full_attention',"
                        + " 'full_attention', 'full_attention']"))
                .containsExactly(32, 0, 0, 0);
    }

    @Test
    void knowsTheQwensBiasesAndNorms() throws IOException {
        DecoderConfig two = read("'model_type': 'qwen2', 'num_key_value_heads': 2, 'tie_word_embeddings': true");
        assertThat(two.attention().queryKeyValueBias()).isTrue();
        assertThat(two.attention().outputBias()).isFalse();
        assertThat(two.tied()).isTrue();
        DecoderConfig three = read("'model_type': 'qwen3', 'num_key_value_heads': 2, 'head_dim': 48");
        assertThat(three.attention().queryKeyValueBias()).isFalse();
        assertThat(three.attention().queryKeyNorm()).isTrue();
        assertThat(three.headWidth()).isEqualTo(48);
    }

    @Test
    void knowsWhatGemma2LeavesOut() throws IOException {
        DecoderConfig config = read("'model_type': 'gemma2', 'num_key_value_heads': 2, 'head_dim': 32");
        assertThat(config.attention().windows()).containsExactly(4096, 0, 4096, 0);
        assertThat(config.attention().scale()).isEqualTo(1 / 16.0);
        assertThat(config.attention().softCap()).isEqualTo(50);
        assertThat(config.logitSoftCap()).isEqualTo(30);
        assertThat(config.embeddingScale()).isEqualTo(Math.sqrt(128));
        assertThat(config.tied() && config.postNorms() && config.unitOffsetNorms())
                .isTrue();
        assertThat(config.feedForward().activation()).isEqualTo(Activation.GELU_TANH);
        assertThat(config.windowedRotary()).isEqualTo(config.rotary());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'rope_scaling': {'rope_type': 'linear', 'factor': 8}, 'rope_local_base_freq': 20000",
                "'rope_parameters': {'full_attention': {'rope_type': 'linear', 'factor': 8, 'rope_theta': 1000000},"
                        + " 'sliding_attention': {'rope_type': 'default', 'rope_theta': 20000}}"
            })
    void rotatesGemma3sWindowedLayersByAnotherBase(String members) throws IOException {
        DecoderConfig config = read(
                "'model_type': 'gemma3_text', 'num_key_value_heads': 2, 'head_dim': 32, 'sliding_window_pattern': 3, "
                        + members);
        assertThat(config.attention().windows()).containsExactly(4096, 4096, 0, 4096);
        assertThat(config.rotary()).isEqualTo(Rotary.plain(1_000_000, 32).linear(8));
        assertThat(config.windowedRotary()).isEqualTo(Rotary.plain(20_000, 32));
        assertThat(config.attention().softCap() + config.logitSoftCap()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'model_type': 'phi3' | model_type is phi3; supported are llama, mistral, qwen2, qwen3, gemma2, gemma3_text",
                "'vocab': 1 | model_type is missing; supported are llama, mistral, qwen2, qwen3, gemma2, gemma3_text",
                "'model_type': 'llama', 'hidden_act': 'gelu' | hidden_act is gelu; silu and gelu_pytorch_tanh are supported",
                "'model_type': 'mistral', 'attention_bias': true | attention_bias is set, which this model_type has not",
                "'model_type': 'qwen2', 'mlp_bias': true | mlp_bias is set, which only llama has",
                "'model_type': 'llama', 'rope_scaling': {'rope_type': 'longrope'} | rope_scaling is of type longrope;"
                        + " default, linear, dynamic, llama3 and yarn are supported",
                "'model_type': 'llama', 'rope_scaling': {'rope_type': 'linear'} | factor is missing",
                "'model_type': 'llama', 'rope_scaling': {}, 'rope_parameters': {} | rope_scaling and rope_parameters are"
                        + " both given",
                "'model_type': 'llama', 'rope_theta': 0 | rope_theta is not positive",
                "'model_type': 'llama', 'partial_rotary_factor': 0.5 | partial_rotary_factor is 0.5; heads are rotated whole",
                "'model_type': 'llama', 'num_key_value_heads': 3 | num_attention_heads is no multiple of num_key_value_heads",
                "'model_type': 'mistral' | num_key_value_heads is missing or not positive",
                "'model_type': 'qwen3', 'num_key_value_heads': 2 | head_dim is missing or not positive",
                "'model_type': 'llama', 'head_dim': 31 | head_dim is odd, which rotary positions can't use",
                "'model_type': 'llama', 'head_dim': 1.5 | head_dim is not a whole number",
                "'model_type': 'llama', 'vocab_size': 0 | vocab_size is missing or not positive",
                "'model_type': 'llama', 'num_hidden_layers': 2000000000 | num_hidden_layers is more than 4096",
                "'model_type': 'llama', 'rms_norm_eps': '1e-5' | rms_norm_eps is not a finite number",
                "'model_type': 'llama', 'quantization_config': {'quant_method': 'gptq'} | the model is quantized (gptq);"
                        + " take the original in float32, float16 or bfloat16",
                "'model_type': 'llama', 'torch_dtype': 'int8' | torch_dtype is int8; float32, float16 and bfloat16 are"
                        + " supported",
                "'model_type': 'llama', 'architectures': ['LlamaForSequenceClassification'] | architectures is"
                        + " [LlamaForSequenceClassification]; LlamaForCausalLM is supported",
                "'model_type': 'llama', 'auto_map': {'AutoModelForCausalLM': 'own.Model'} | auto_map asks for the model's own"
                        + " code, which is never run",
                "'model_type': 'llama', 'layer_types': ['full_attention'] | layer_types does not name num_hidden_layers layers",
                "'model_type': 'qwen2', 'num_key_value_heads': 2, 'layer_types': ['full_attention', 'full_attention',"
                        + " 'full_attention', 'sliding_attention'] | layer 3 is of type sliding_attention, but there is no"
                        + " sliding_window",
                "'model_type': 'llama', 'attention_dropout': 0.1 | attention_dropout is set; it is not supported",
                "'model_type': 'gemma3_text', 'use_bidirectional_attention': true | use_bidirectional_attention is set;"
                        + " attention is causal"
            })
    void refusesWhatWouldComputeSomethingElse(String members, String reason) {
        assertThatThrownBy(() -> read(members))
                .isInstanceOf(EngineException.class)
                .hasMessage("config.json: " + reason + ".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | config.json is damaged: it holds no JSON object.",
                "{ | config.json is damaged: it is not JSON (line 1, column 2).",
                "{\"a\":1,\"a\":1} | config.json is damaged: its JSON has a member twice in one object"
            })
    void aBrokenFileIsOneSentence(String text, String message) throws IOException {
        Files.writeString(directory.resolve("config.json"), text);
        assertThatThrownBy(() -> DecoderConfig.read(directory))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith(message);
    }

    private List<Integer> windows(String members) throws IOException {
        return read(members).attention().windows();
    }

    /** The members take the place of those of the same names. */
    private DecoderConfig read(String members) throws IOException {
        ObjectNode json = object("""
                {'vocab_size': 264, 'hidden_size': 128, 'intermediate_size': 384, 'num_hidden_layers': 4,
                 'num_attention_heads': 4, 'max_position_embeddings': 256}
                """);
        json.setAll(object("{" + members + "}"));
        Files.writeString(directory.resolve("config.json"), json.toString());
        return DecoderConfig.read(directory);
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json.replace('\'', '"'));
    }
}
