package dev.remix.engine.decoder;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a Hugging Face config.json says of a Llama decoder. Anything that would compute something else than
 * {@code torchscript/decoder.py} does is refused, never ignored.
 *
 * @param hidden width of the residual stream, D
 * @param inner width of the feed-forward
 * @param keyHeads heads of keys and values, a divisor of {@code heads}
 * @param positions longest sequence
 * @param tied whether the head is the embedding
 */
public record DecoderConfig(
        int vocabulary,
        int hidden,
        int inner,
        int layers,
        int heads,
        int keyHeads,
        int headWidth,
        int positions,
        double normEpsilon,
        double ropeTheta,
        boolean tied) {

    public DecoderConfig {
        requirePositive("vocab_size", vocabulary);
        requirePositive("hidden_size", hidden);
        requirePositive("intermediate_size", inner);
        requirePositive("num_hidden_layers", layers);
        requirePositive("num_attention_heads", heads);
        requirePositive("num_key_value_heads", keyHeads);
        requirePositive("head_dim", headWidth);
        requirePositive("max_position_embeddings", positions);
        require(heads % keyHeads == 0, "num_attention_heads is no multiple of num_key_value_heads");
        require(headWidth % 2 == 0, "head_dim is odd, which rotary positions can't use");
    }

    public static DecoderConfig read(Path modelDirectory) {
        Path file = modelDirectory.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new EngineException(
                    Kind.MODEL_NOT_FOUND, "There is no model in " + modelDirectory.getFileName() + ": no config.json.");
        }
        try {
            return of(JsonMapper.shared().readTree(file));
        } catch (JacksonException e) {
            throw new EngineException(Kind.STORAGE, "config.json is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static DecoderConfig of(JsonNode json) {
        requireLlama(json);
        int heads = json.path("num_attention_heads").asInt(0);
        int hidden = json.path("hidden_size").asInt(0);
        // Newer files keep the rotation in an object of its own.
        JsonNode rope = json.path("rope_parameters");
        double theta = rope.path("rope_theta").asDouble(json.path("rope_theta").asDouble(10_000));
        return new DecoderConfig(
                json.path("vocab_size").asInt(0),
                hidden,
                json.path("intermediate_size").asInt(0),
                json.path("num_hidden_layers").asInt(0),
                heads,
                json.path("num_key_value_heads").asInt(heads),
                json.path("head_dim").asInt(heads == 0 ? 0 : hidden / heads),
                json.path("max_position_embeddings").asInt(2048),
                json.path("rms_norm_eps").asDouble(1e-6),
                theta,
                json.path("tie_word_embeddings").asBoolean(false));
    }

    private static void requireLlama(JsonNode json) {
        String type = json.path("model_type").asString("none");
        require(type.equals("llama"), "model_type is " + type + "; Llama decoders (llama) can be trained");
        String activation = json.path("hidden_act").asString("silu");
        require(activation.equals("silu"), "hidden_act is " + activation + "; silu is supported");
        require(!json.path("attention_bias").asBoolean(false), "attention_bias is set; biases are not supported");
        require(!json.path("mlp_bias").asBoolean(false), "mlp_bias is set; biases are not supported");
        String legacy = json.path("rope_scaling").path("type").asString("default");
        String scaling = json.path("rope_scaling").path("rope_type").asString(legacy);
        String rope = json.path("rope_parameters").path("rope_type").asString(scaling);
        require(
                rope.equals("default"),
                "rope_scaling is of type " + rope + "; unscaled rotary positions are supported");
    }

    private static void requirePositive(String member, int value) {
        require(value > 0, member + " is missing or not positive");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new EngineException(Kind.INVALID_SPEC, "config.json: " + otherwise + ".");
        }
    }
}
