package dev.remix.engine.decoder;

import static dev.remix.engine.decoder.DecoderConfig.refusal;
import static dev.remix.engine.decoder.DecoderConfig.require;

import dev.remix.engine.decoder.DecoderConfig.Activation;
import dev.remix.engine.decoder.DecoderConfig.Attention;
import dev.remix.engine.decoder.DecoderConfig.FeedForward;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import tools.jackson.databind.JsonNode;

/**
 * A config.json read as transformers' configuration of its family reads it, with that one's defaults. Anything that would
 * compute something else than {@code torchscript/decoder.py} does is refused, never ignored.
 */
final class FamilyConfig {
    private static final Set<String> NUMBER_FORMATS = Set.of("float32", "float16", "bfloat16");
    private static final String SLIDING = "sliding_attention";
    private static final int DEFAULT_WINDOW = 4096;

    private final ConfigJson json;
    private final Family family;
    private final int layers;

    private FamilyConfig(ConfigJson json) {
        this.json = json;
        this.family = Family.of(json.text("model_type", "missing"));
        this.layers = json.whole("num_hidden_layers");
        DecoderConfig.requirePositive("num_hidden_layers", layers);
        require(layers <= DecoderConfig.MOST_LAYERS, "num_hidden_layers is more than " + DecoderConfig.MOST_LAYERS);
    }

    static DecoderConfig read(ConfigJson json) {
        FamilyConfig config = new FamilyConfig(json);
        config.refuseOtherCode();
        config.refuseOtherArithmetic();
        return config.decoder();
    }

    private DecoderConfig decoder() {
        int hidden = json.whole("hidden_size");
        int heads = json.whole("num_attention_heads");
        DecoderConfig.requirePositive("num_attention_heads", heads);
        int headWidth = headWidth(hidden, heads);
        int positions = json.whole("max_position_embeddings");
        RotaryConfig rotary = new RotaryConfig(json, headWidth, positions);
        Rotary everywhere = rotary.read(family.ropeTheta());
        return new DecoderConfig(
                json.whole("vocab_size"),
                hidden,
                json.whole("intermediate_size"),
                layers,
                heads,
                keyHeads(heads),
                headWidth,
                positions,
                json.number("rms_norm_eps", 1e-6),
                json.flag("tie_word_embeddings", family.gemma()),
                attention(),
                feedForward(),
                everywhere,
                family == Family.GEMMA3 ? rotary.readWindowed(10_000) : everywhere,
                family.gemma(),
                family.gemma(),
                family.gemma() ? Math.sqrt(hidden) : 1,
                softCap("final_logit_softcapping", 30));
    }

    private int headWidth(int hidden, int heads) {
        boolean fixed = family == Family.QWEN3 || family.gemma();
        int width = fixed ? json.whole("head_dim") : json.whole("head_dim", hidden / heads);
        require(width <= DecoderConfig.WIDEST_HEAD, "head_dim is more than " + DecoderConfig.WIDEST_HEAD);
        return width;
    }

    /** Left out by the first Llamas, which had as many as heads; null means that in every family. */
    private int keyHeads(int heads) {
        boolean optional = family == Family.LLAMA || json.names("num_key_value_heads");
        return optional ? json.whole("num_key_value_heads", heads) : json.whole("num_key_value_heads");
    }

    private Attention attention() {
        boolean bias = json.flag("attention_bias", false);
        double scalar = family.gemma() ? json.number("query_pre_attn_scalar", 256) : 0;
        return new Attention(
                bias || family == Family.QWEN2,
                bias,
                family == Family.QWEN3 || family == Family.GEMMA3,
                family.gemma() ? 1 / Math.sqrt(scalar) : 0,
                softCap("attn_logit_softcapping", 50),
                windows());
    }

    private double softCap(String member, double gemma2) {
        boolean inherited = family == Family.GEMMA2 && !json.names(member);
        return family.gemma() ? json.number(member, inherited ? gemma2 : 0) : 0;
    }

    private FeedForward feedForward() {
        String member = family.gemma() ? "hidden_activation" : "hidden_act";
        String name = json.text(member, family.gemma() ? "gelu_pytorch_tanh" : "silu");
        Activation activation = switch (name) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            default -> throw refusal(member + " is " + name + "; silu and gelu_pytorch_tanh are supported");
        };
        return new FeedForward(activation, json.flag("mlp_bias", false));
    }

    private List<Integer> windows() {
        return switch (family) {
            case LLAMA -> windows(0, layer -> false);
            case MISTRAL -> {
                int window = window();
                yield windows(window, layer -> window > 0);
            }
            case QWEN2, QWEN3 -> {
                int window = json.flag("use_sliding_window", false) ? window() : 0;
                int first = json.whole("max_window_layers", 28);
                yield windows(window, layer -> window > 0 && layer >= first);
            }
            case GEMMA2 -> windows(window(), layer -> layer % 2 == 0);
            case GEMMA3 -> {
                int period = json.whole("sliding_window_pattern", json.whole("_sliding_window_pattern", 6));
                DecoderConfig.requirePositive("sliding_window_pattern", period);
                yield windows(window(), layer -> (layer + 1) % period != 0);
            }
        };
    }

    /** 0 for one that is null. */
    private int window() {
        return json.whole("sliding_window", json.names("sliding_window") ? 0 : DEFAULT_WINDOW);
    }

    /** What layer_types names, or the family's own pattern. */
    private List<Integer> windows(int window, IntPredicate pattern) {
        List<Integer> windows = new ArrayList<>(Collections.nCopies(layers, 0));
        List<String> types = layerTypes();
        for (int layer = 0; layer < layers; layer++) {
            boolean sliding =
                    types.isEmpty() ? pattern.test(layer) : types.get(layer).equals(SLIDING);
            require(
                    !sliding || window > 0,
                    "layer " + layer + " is of type " + SLIDING + ", but there is no sliding_window");
            windows.set(layer, sliding ? window : 0);
        }
        return windows;
    }

    private List<String> layerTypes() {
        if (!json.has("layer_types")) {
            return List.of();
        }
        JsonNode list = json.array("layer_types");
        require(list.size() == layers, "layer_types does not name num_hidden_layers layers");
        return list.valueStream().map(FamilyConfig::layerType).toList();
    }

    private static String layerType(JsonNode node) {
        String type = node.asString("");
        require(
                type.equals(SLIDING) || type.equals("full_attention"),
                "layer_types has " + node + "; full_attention and sliding_attention are supported");
        return type;
    }

    private void refuseOtherCode() {
        if (json.has("architectures")) {
            List<String> names = json.array("architectures")
                    .valueStream()
                    .map(JsonNode::asString)
                    .toList();
            require(
                    names.contains(family.architecture()),
                    "architectures is %s; %s is supported".formatted(names, family.architecture()));
        }
        require(
                json.inner("auto_map")
                        .filter(map -> map.has("AutoModelForCausalLM"))
                        .isEmpty(),
                "auto_map asks for the model's own code, which is never run");
    }

    private void refuseOtherArithmetic() {
        json.inner("quantization_config").ifPresent(quantization -> {
            throw refusal("the model is quantized (" + quantization.text("quant_method", "unnamed method")
                    + "); take the original in float32, float16 or bfloat16");
        });
        String format = json.text("dtype", json.text("torch_dtype", "float32"));
        require(
                NUMBER_FORMATS.contains(format),
                "torch_dtype is " + format + "; float32, float16 and bfloat16 are supported");
        require(json.number("attention_dropout", 0) == 0, "attention_dropout is set; it is not supported");
        require(
                !json.flag("use_bidirectional_attention", false),
                "use_bidirectional_attention is set; attention is causal");
        require(family == Family.LLAMA || !json.flag("mlp_bias", false), "mlp_bias is set, which only llama has");
        boolean fixedBias = family == Family.MISTRAL || family == Family.QWEN2;
        require(
                !fixedBias || !json.flag("attention_bias", false),
                "attention_bias is set, which this model_type has not");
        boolean windowed = family == Family.MISTRAL && window() > 0;
        require(
                !windowed || layerTypes().stream().allMatch(SLIDING::equals),
                "layer_types mixes windows, which mistral does not");
    }
}
