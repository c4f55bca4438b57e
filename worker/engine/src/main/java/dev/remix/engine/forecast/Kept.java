package dev.remix.engine.forecast;

import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.DecoderConfig;

/**
 * Bytes that one layer keeps between the way forth and the way back, counted as autograd counts them: of each operation in
 * {@code torchscript/layer.py} and {@code mixture.py} that needs it, its input or output, shared arrays once. The layer's own
 * input is not in it; it lies among the states.
 *
 * <p>Per position, e bytes a number of the products, D, I, Q, K widths of the stream, the feed-forward, all heads, all key heads:
 *
 * <pre>
 *   state behind attention        4 D             input of the second norm
 *   input of LoRAs                e D  a block    where q, k or v, or gate or up, has one; in float32 the norm's output itself
 *   queries, keys, values         e (Q + 2 K)     inputs of attention
 *   attention                     e Q + 4 H       fused: output, log-sum-exp of each head
 *                                 e H T (+ …)     written out: shares, e H T more for a soft cap; T the example's positions
 *                                 4 (Q + 2 Q + H T)  with fewer key heads than heads, in float32: the fused kernel can't, and the
 *                                                 plain one repeats keys and values
 *   feed-forward                  3 e I           gate and activated gate, up
 *   LoRA on o, on down            e Q, e I        their inputs
 *   ranks                         e R (K or N)    between A and B, the gate repeated over them, and, where it learns, both factors
 *   picked LoRAs                  e K R (in + out) an example
 *   every weight trained          4 D a norm      what the gain multiplies; and every product's input
 * </pre>
 *
 * Everything but what lies before the first drawn selection is there once for each draw. In the first layer what lies before the
 * first LoRA has no gradient and keeps nothing.
 */
final class Kept {
    private final Setting setting;
    private final DecoderConfig config;
    private final Projections widths;
    private final Pooling pooling;
    private final Layout layout;
    private final long narrow;

    Kept(Setting setting, Layout layout) {
        this.setting = setting;
        this.config = setting.config();
        this.widths = new Projections(config);
        this.pooling = Pooling.of(setting.adapter());
        this.layout = layout;
        this.narrow = setting.narrow();
    }

    /** Draws of a layer's input, of what its attention gives and of what its feed-forward gives, where {@code draws} are drawn. */
    long drawsBefore(int layer, long draws) {
        return layer == 0 ? 1 : drawsBehindFeedForward(draws);
    }

    private long drawsBehindAttention(int layer, long draws) {
        return layer > 0 || attentionDraws() ? drawsBehindFeedForward(draws) : 1;
    }

    private long drawsBehindFeedForward(long draws) {
        return pooling.drawn() ? draws : 1;
    }

    private boolean attentionDraws() {
        return pooling.targets().stream().anyMatch(Target::ofAttention);
    }

    long of(int layer) {
        long draws = pooling.chosen();
        return attention(layer, drawsBefore(layer, draws), drawsBehindAttention(layer, draws))
                + feedForward(layer, drawsBehindAttention(layer, draws), drawsBehindFeedForward(draws));
    }

    // --- attention ---------------------------------------------------------------------------------------------------

    private long attention(int layer, long before, long behind) {
        boolean reached = layer > 0 || setting.everything() || attentionDraws();
        if (!reached) {
            return 0;
        }
        long p = layout.positions();
        long block = input(Target.Q_PROJ, Target.V_PROJ, before) + norm(before);
        long heads = config.attention().queryKeyNorm() ? 4 * (widths.queries() + widths.keys()) * p * before : 0;
        boolean loraOnOutput = pooling.on(Target.O_PROJ) || setting.everything();
        long output = loraOnOutput ? narrow * widths.queries() * p * behind : 0;
        return block + heads + kernel(behind) + output + adapters(true, before, behind) + postNorm(behind);
    }

    /** What the kernel of attention keeps, its inputs included. */
    private long kernel(long draws) {
        long p = layout.positions() * draws;
        long inputs = widths.queries() + 2 * widths.keys();
        long scores = config.heads() * layout.scores() * draws;
        boolean capped = config.attention().softCap() != 0;
        if (capped || writtenOut()) {
            return narrow * (p * inputs + scores * (capped ? 2 : 1));
        }
        if (plain()) {
            return 4 * (p * 3 * widths.queries() + scores) + narrow * p * inputs;
        }
        return p * (narrow * (inputs + widths.queries()) + 4L * config.heads());
    }

    /** Whether libtorch has no fused kernel: on a CPU, where heads share their keys. */
    private boolean plain() {
        return !setting.gpu() && config.heads() != config.keyHeads();
    }

    /** As {@code decoder.better_written_out} decides, by the longest example. */
    private boolean writtenOut() {
        boolean shorter = layout.groups().stream().allMatch(group -> group.length() <= 512);
        return !setting.gpu() && narrow == 2 && shorter;
    }

    /** Cells of scores that exist at once beside those that are kept: while one group's are computed. */
    long scoresAtOnce() {
        boolean whole = config.attention().softCap() != 0 || writtenOut() || plain();
        return whole ? config.heads() * layout.scoresAtOnce() * pooling.chosen() : 0;
    }

    // --- feed-forward ------------------------------------------------------------------------------------------------

    private long feedForward(int layer, long before, long behind) {
        long p = layout.positions();
        boolean flows = layer > 0 || setting.everything() || attentionDraws();
        boolean opened = flows || pooling.on(Target.GATE_PROJ);
        boolean raised = flows || pooling.on(Target.UP_PROJ);
        long gate = opened ? draws(Target.GATE_PROJ, before, behind) : 0;
        long up = raised ? draws(Target.UP_PROJ, before, behind) : 0;
        long activated = opened || raised ? 2 * Math.max(gate, 1) + Math.max(up, 1) : 0;
        boolean down = pooling.on(Target.DOWN_PROJ) || setting.everything();
        long inner = down ? Math.max(Math.max(gate, up), before) : 0;
        long state = flows ? 4L * config.hidden() * p * before : 0;
        return state
                + norm(flows ? before : 0)
                + input(Target.GATE_PROJ, Target.UP_PROJ, before)
                + narrow * config.inner() * p * (activated + inner)
                + adapters(false, before, behind)
                + postNorm(behind);
    }

    private long draws(Target target, long before, long behind) {
        return pooling.on(target) ? behind : before;
    }

    // --- shared ------------------------------------------------------------------------------------------------------

    /** The block's input, where something that learns reads it: once for all its projections, or once each behind a dropout. */
    private long input(Target from, Target to, long draws) {
        long p = layout.positions();
        long readers = pooling.targets().stream()
                .filter(target -> target.index() >= from.index() && target.index() <= to.index())
                .count();
        if (readers == 0 && !setting.everything()) {
            return 0;
        }
        long copies = pooling.dropout() ? 2 * readers : 1;
        boolean router = pooling.pool() != null && !pooling.byExample();
        long wide = router && narrow == 2 ? 4 : 0;
        return config.hidden() * p * draws * (narrow * copies + wide);
    }

    /** Where the gain learns, what it multiplies. */
    private long norm(long draws) {
        return setting.everything() ? 4L * config.hidden() * layout.positions() * draws : 0;
    }

    private long postNorm(long draws) {
        return config.postNorms() ? 4L * config.hidden() * layout.positions() * draws : 0;
    }

    private long adapters(boolean ofAttention, long before, long behind) {
        long bytes = 0;
        for (Target target : Target.values()) {
            if (target.ofAttention() == ofAttention) {
                bytes += pooling.on(target) ? adapter(target, before, behind) : 0;
                bytes += pooling.asks(target) ? site() : 0;
            }
        }
        return bytes;
    }

    private long adapter(Target target, long before, long behind) {
        long p = layout.positions();
        long converted = narrow == 2 ? 2 * Parameters.adapter(widths, pooling, target) : 0;
        long scaled = pooling.magnitude() ? narrow * widths.outputs(target) * p * before : 0;
        long ranks = narrow * pooling.ranksComputed() * p;
        if (pooling.gathered()) {
            long each = narrow * pooling.ranksComputed() * (widths.inputs(target) + widths.outputs(target));
            long copies = narrow * widths.inputs(target) * behind * (before < behind ? p : layout.copied());
            return converted + ranks * behind + each * behind * layout.examples() + copies;
        }
        long gates = pooling.pool() == null ? 1 : pooling.learnedGate() ? 3 : 2;
        return converted + scaled + ranks * behind * gates;
    }

    /** Logits, weights and selection of a site; of drawn ones also the remaining logits at each place, for log Q. */
    private long site() {
        long n = pooling.loras();
        long k = pooling.active();
        long inputs = (pooling.byExample() ? layout.examples() : layout.positions()) * pooling.chosen();
        long policy = pooling.drawn() ? k * n * (4 + 1 + 8) : n * 4;
        return inputs * (4 * n + 4 * n + 8 * k + policy);
    }
}
