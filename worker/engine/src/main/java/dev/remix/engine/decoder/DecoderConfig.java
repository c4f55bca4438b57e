package dev.remix.engine.decoder;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * What a decoder computes, as {@link FamilyConfig} reads it from a Hugging Face config.json.
 *
 * @param hidden width of the residual stream, D
 * @param inner width of the feed-forward
 * @param keyHeads heads of keys and values, a divisor of {@code heads}
 * @param positions longest sequence
 * @param tied whether the head is the embedding
 * @param rotary rotation in the layers that see everything before them
 * @param windowedRotary rotation in the layers with a window; another one in Gemma 3 alone
 * @param unitOffsetNorms whether the files hold a norm's gain less one
 * @param postNorms whether a block's output passes a norm of its own before it is added to the residual stream
 * @param embeddingScale factor on what the embedding gives
 * @param logitSoftCap c of the logits' {@code c·tanh(z/c)}; 0 for none
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
        boolean tied,
        Attention attention,
        FeedForward feedForward,
        Rotary rotary,
        Rotary windowedRotary,
        boolean unitOffsetNorms,
        boolean postNorms,
        double embeddingScale,
        double logitSoftCap) {

    /** More than any model has; a damaged file must not make us reserve memory for what it claims. */
    static final int MOST_LAYERS = 4096;

    static final int WIDEST_HEAD = 8192;

    /**
     * Attention beyond the plain one.
     *
     * @param scale factor on the products of queries and keys; 0 for 1/sqrt(head width)
     * @param softCap c of the scores' {@code c·tanh(s/c)}; 0 for none
     * @param windows for each layer how many positions, its own included, a position sees; 0 for all before it
     */
    public record Attention(
            boolean queryKeyValueBias,
            boolean outputBias,
            boolean queryKeyNorm,
            double scale,
            double softCap,
            List<Integer> windows) {
        public Attention {
            require(scale >= 0 && Double.isFinite(scale), "query_pre_attn_scalar is not positive");
            require(softCap >= 0 && Double.isFinite(softCap), "attn_logit_softcapping is negative");
            require(windows.stream().allMatch(window -> window >= 0), "sliding_window is negative");
            windows = List.copyOf(windows);
        }

        static Attention plain(int layers) {
            return new Attention(false, false, false, 0, 0, Collections.nCopies(layers, 0));
        }
    }

    /** Gated feed-forward, {@code down(activation(gate(x)) · up(x))}. */
    public record FeedForward(Activation activation, boolean bias) {}

    /** What gates a feed-forward: x·sigmoid(x), or the approximation of x·Φ(x) by a tanh. */
    public enum Activation {
        SILU,
        GELU_TANH
    }

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
        require(layers <= MOST_LAYERS, "num_hidden_layers is more than " + MOST_LAYERS);
        require(headWidth <= WIDEST_HEAD, "head_dim is more than " + WIDEST_HEAD);
        require(normEpsilon >= 0 && Double.isFinite(normEpsilon), "rms_norm_eps is negative");
        require(logitSoftCap >= 0 && Double.isFinite(logitSoftCap), "final_logit_softcapping is negative");
        require(attention.windows().size() == layers, "layer_types does not name num_hidden_layers layers");
    }

    /** A Llama decoder without biases, with unscaled rotary positions. */
    public DecoderConfig(
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
        this(
                vocabulary,
                hidden,
                inner,
                layers,
                heads,
                keyHeads,
                headWidth,
                positions,
                normEpsilon,
                tied,
                Attention.plain(layers),
                new FeedForward(Activation.SILU, false),
                Rotary.plain(ropeTheta, headWidth),
                Rotary.plain(ropeTheta, headWidth),
                false,
                false,
                1,
                0);
    }

    /** Reads config.json; a model that would compute something else than we do is INVALID_SPEC, with the member's name. */
    public static DecoderConfig read(Path modelDirectory) {
        return FamilyConfig.read(ConfigJson.read(modelDirectory));
    }

    static void requirePositive(String member, int value) {
        require(value > 0, member + " is missing or not positive");
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw refusal(otherwise);
        }
    }

    static EngineException refusal(String reason) {
        return new EngineException(Kind.INVALID_SPEC, "config.json: " + reason + ".");
    }
}
