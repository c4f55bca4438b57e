package dev.remix.bench.work;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The measures of a Llama decoder, as its config.json has them. */
public record Shape(
        int vocabulary, int hidden, int inner, int layers, int heads, int keyHeads, int headWidth, int positions) {

    public static Shape read(Path modelDirectory) {
        JsonNode config = JsonMapper.shared().readTree(modelDirectory.resolve("config.json"));
        return new Shape(
                config.required("vocab_size").intValue(),
                config.required("hidden_size").intValue(),
                config.required("intermediate_size").intValue(),
                config.required("num_hidden_layers").intValue(),
                config.required("num_attention_heads").intValue(),
                config.required("num_key_value_heads").intValue(),
                config.required("head_dim").intValue(),
                config.required("max_position_embeddings").intValue());
    }

    ObjectNode toConfig() {
        ObjectNode config = JsonMapper.shared()
                .createObjectNode()
                .put("model_type", "llama")
                .put("vocab_size", vocabulary)
                .put("hidden_size", hidden)
                .put("intermediate_size", inner)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", keyHeads)
                .put("head_dim", headWidth)
                .put("hidden_act", "silu")
                .put("max_position_embeddings", positions)
                .put("rope_theta", 10000.0)
                .put("rms_norm_eps", 1e-5)
                .put("attention_bias", false)
                .put("mlp_bias", false)
                .put("tie_word_embeddings", false)
                .put("eos_token_id", 2)
                .put("pad_token_id", 0)
                .put("torch_dtype", "bfloat16");
        config.putArray("architectures").add("LlamaForCausalLM");
        return config;
    }

    /** Parameters of a layer's query, key, value and output projections. */
    public long attentionParameters() {
        return 2L * hidden * headWidth * (heads + keyHeads);
    }

    /** Parameters of a layer's gate, up and down projections. */
    public long feedForwardParameters() {
        return 3L * hidden * inner;
    }

    /** Parameters of the head. */
    public long headParameters() {
        return (long) vocabulary * hidden;
    }
}
