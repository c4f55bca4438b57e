package dev.remix.engine.forecast;

import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.DecoderConfig;

/**
 * Floating-point operations that a step can't do without; a multiplication and its addition are two.
 *
 * <p>A and F parameters of a layer's attention and feed-forward, Q width of all heads, T positions of an example, N_a parameters
 * of the LoRAs that take part in a layer's output:
 *
 * <pre>
 *   forward    2 P (A + F) + 2 P (T + 1) Q + 2 P N_a for each layer, 2 S V D for the head
 *   backward   2 P (A + F) + 4 P (T + 1) Q + 4 P N_a, 2 S V D              no gradient of a frozen weight
 *   prefix     what of the first layer lies before the first drawn selection: once for all draws
 *   step       prefix + M (forward - prefix) + G (backward - its prefix) + again
 * </pre>
 *
 * <p>Before the first LoRA nothing flows back either. G is M, or 1 with the adapters' gradient from a single draw: 2 M + 2 in
 * place of 4 M. Recomputation adds G forwards of the layers. Where every weight is trained, another 2 P (A + F) + 2 S V D go back.
 * Not counted: norms, softmax, routers, the optimizer; the pace of a run is measured with them and so has them in it.
 */
final class Operations {
    private final Setting setting;
    private final DecoderConfig config;
    private final Pooling pooling;
    private final Projections widths;

    Operations(Setting setting) {
        this.setting = setting;
        this.config = setting.config();
        this.pooling = Pooling.of(setting.adapter());
        this.widths = new Projections(config);
    }

    double of(Layout layout) {
        double p = layout.positions();
        double attention = 2 * p * widths.parameters(true);
        double scores = 2.0 * (layout.scores() + layout.positions()) * widths.queries();
        double inner = 2 * p * widths.parameters(false);
        double adapters = 2 * p * adapterParameters();
        double head = 2.0 * layout.rows() * widths.vocabulary();
        double forward = config.layers() * (attention + scores + inner + adapters);
        double backward = config.layers() * (attention + 2 * scores + inner + 2 * adapters);
        if (setting.everything()) {
            double weights = config.layers() * (attention + inner) + head;
            return forward + backward + weights + 2 * head + (setting.recompute() ? forward : 0);
        }
        boolean inAttention = pooling.targets().stream().anyMatch(Target::ofAttention);
        double prefix = inAttention ? 0 : attention + scores;
        double prefixBack = inAttention ? 0 : attention + 2 * scores;
        double again = setting.recompute() ? pooling.chosen() * (forward - prefix) + prefix : 0;
        return prefix
                + pooling.draws() * (forward - prefix + head)
                + pooling.chosen() * (backward - prefixBack + head)
                + again;
    }

    private double adapterParameters() {
        double ranks = (double) pooling.rank() * pooling.active();
        double down = pooling.oneA() ? pooling.rank() : ranks;
        return pooling.targets().stream()
                .mapToDouble(target -> down * widths.inputs(target) + ranks * widths.outputs(target))
                .sum();
    }
}
