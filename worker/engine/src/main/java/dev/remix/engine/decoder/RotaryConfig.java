package dev.remix.engine.decoder;

import static dev.remix.engine.decoder.DecoderConfig.refusal;
import static dev.remix.engine.decoder.DecoderConfig.require;

/**
 * The rotation that a config.json asks for. Older files have {@code rope_theta} and {@code rope_scaling}; newer ones have both in
 * {@code rope_parameters}, in Gemma 3 once for each type of layer.
 */
final class RotaryConfig {
    private final ConfigJson config;
    private final int width;
    private final int positions;

    RotaryConfig(ConfigJson config, int width, int positions) {
        this.config = config;
        this.width = width;
        this.positions = positions;
    }

    /** @param defaultTheta what the family has where the file says nothing */
    Rotary read(double defaultTheta) {
        refusePartial(config);
        require(
                !(config.has("rope_scaling") && config.has("rope_parameters")),
                "rope_scaling and rope_parameters are both given");
        double theta = config.number("rope_theta", defaultTheta);
        return config.inner("rope_parameters")
                .map(parameters -> parameters.inner("full_attention").orElse(parameters))
                .or(() -> config.inner("rope_scaling"))
                .map(rope -> scaled(rope, rope.number("rope_theta", theta)))
                .orElseGet(() -> Rotary.plain(theta, width));
    }

    /** Of layers with a window, in a family that gives them their own. */
    Rotary readWindowed(double defaultTheta) {
        double theta = config.number("rope_local_base_freq", defaultTheta);
        return config.inner("rope_parameters")
                .flatMap(parameters -> parameters.inner("sliding_attention"))
                .map(rope -> scaled(rope, rope.number("rope_theta", theta)))
                .orElseGet(() -> Rotary.plain(theta, width));
    }

    private Rotary scaled(ConfigJson rope, double theta) {
        refusePartial(rope);
        Rotary plain = Rotary.plain(theta, width);
        String type = rope.text("rope_type", rope.text("type", "default"));
        return switch (type) {
            // Scaling by the sequence's length begins past max_position_embeddings, where we never are.
            case "default", "dynamic" -> plain;
            case "linear" -> plain.linear(rope.number("factor"));
            case "llama3" ->
                plain.llama3(
                        rope.number("factor"),
                        rope.number("low_freq_factor"),
                        rope.number("high_freq_factor"),
                        rope.number("original_max_position_embeddings"));
            case "yarn" -> yarn(rope, plain, theta);
            default ->
                throw refusal("rope_scaling is of type " + type
                        + "; default, linear, dynamic, llama3 and yarn are supported");
        };
    }

    private Rotary yarn(ConfigJson rope, Rotary plain, double theta) {
        double factor = rope.number("factor");
        return plain.yarn(
                factor,
                rope.number("attention_factor", inferredAttentionFactor(rope, factor)),
                theta,
                orElseIfZero(rope.number("beta_fast", 0), 32),
                orElseIfZero(rope.number("beta_slow", 0), 1),
                orElseIfZero(rope.number("original_max_position_embeddings", 0), positions),
                rope.flag("truncate", true));
    }

    private static double inferredAttentionFactor(ConfigJson rope, double factor) {
        double scale = rope.number("mscale", 0);
        double all = rope.number("mscale_all_dim", 0);
        return scale != 0 && all != 0 ? magnitude(factor, scale) / magnitude(factor, all) : magnitude(factor, 1);
    }

    private static double magnitude(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    /** As Python's {@code or} does it. */
    private static double orElseIfZero(double value, double otherwise) {
        return value == 0 ? otherwise : value;
    }

    private static void refusePartial(ConfigJson json) {
        double share = json.number("partial_rotary_factor", 1);
        require(share == 1, "partial_rotary_factor is " + share + "; heads are rotated whole");
    }
}
