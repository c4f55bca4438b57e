package dev.remix.engine.forecast;

import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.forecast.Memory.Part;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Memory at the moments that can be the highest, of which the highest is taken:
 *
 * <pre>
 *   loading    base + files                                    files are mapped; what was read of them counts as the process's
 *   head       lasting + activations + chunk of the head       the way forth is over, the way back begins
 *   others     lasting + activations + states of other draws   with the adapters' gradient from a single draw
 *   back       lasting + activations + a feed-forward's gradients
 *   update     lasting + gradients twice                       clipped ones are copies
 *
 *   lasting      base 4 or 2 N_b, tables, trained 4 N_a, moments 8 N_a, gradients 4 N_a where parts of a step add up
 *   activations  states 4 D P (L + 1) and what {@link Kept} has for each layer; with recomputation of one layer only
 *   chunk        12 R V: log-probabilities, the gradient of the labels' and of the logits; R as {@code loss.rows_at_once}; and the
 *                head's rows of the states and their gradient, 4 S D each
 *   back         4 e I P: gradients of down's input, of gate, of up and one that is being added; 8 D P
 * </pre>
 */
final class PeakMemory {
    /** Java, libtorch and the scripts once a step has run, without anything of a model: measured, docs/log.md. */
    static final long RUNTIME = 290L << 20;

    private static final long LOGITS_AT_ONCE = 4_194_304;

    private final Setting setting;
    private final DecoderConfig config;
    private final Parameters parameters;
    private final Pooling pooling;

    PeakMemory(Setting setting) {
        this.setting = setting;
        this.config = setting.config();
        this.parameters = Parameters.of(setting);
        this.pooling = Pooling.of(setting.adapter());
    }

    /** @param several whether it is one of several parts of a step */
    Memory of(Layout layout, boolean several) {
        return Memory.highest(List.of(loading(), passing(layout, several), updating(several)));
    }

    /** Replicas on one device have everything of their own but the process and the optimizer. */
    private Memory shared(Map<Part, Long> bytes) {
        bytes.replaceAll((part, one) -> switch (part) {
            case RUNTIME, FILES, MOMENTS -> one;
            case BASE, TABLES, TRAINED, GRADIENTS, ACTIVATIONS, HEAD, TRANSIENT, ALLOCATOR -> setting.sharing() * one;
        });
        return new Memory(bytes);
    }

    private Map<Part, Long> lasting() {
        Map<Part, Long> bytes = new EnumMap<>(Part.class);
        bytes.put(Part.RUNTIME, RUNTIME);
        bytes.put(Part.BASE, setting.narrow() * parameters.matrices() + 4 * parameters.vectors());
        bytes.put(Part.TABLES, 4L * config.positions() * config.headWidth() * tables());
        return bytes;
    }

    private int tables() {
        return config.rotary().equals(config.windowedRotary()) ? 1 : 2;
    }

    private Memory loading() {
        Map<Part, Long> bytes = lasting();
        bytes.put(Part.FILES, setting.storedBytes());
        return shared(bytes);
    }

    private Map<Part, Long> training(boolean several) {
        Map<Part, Long> bytes = lasting();
        bytes.put(Part.TRAINED, setting.everything() ? 0 : 4 * parameters.trained());
        bytes.put(Part.MOMENTS, 8 * parameters.trained());
        bytes.put(Part.GRADIENTS, several ? 4 * parameters.trained() : 0);
        return bytes;
    }

    private Memory updating(boolean several) {
        Map<Part, Long> bytes = training(several);
        bytes.merge(Part.GRADIENTS, 8 * parameters.trained(), Long::sum);
        return shared(bytes);
    }

    private Memory passing(Layout layout, boolean several) {
        Map<Part, Long> bytes = training(several);
        Kept kept = new Kept(setting, layout);
        long activations = activations(kept, layout, setting.recompute());
        bytes.put(Part.ACTIVATIONS, activations);
        long rows = 4L * layout.rows() * config.hidden() * pooling.chosen();
        long head = chunk(layout) + 2 * rows;
        long transients = Math.max(back(kept, layout), others(kept, layout));
        bytes.put(Part.HEAD, head >= transients + rows ? head : rows);
        bytes.put(Part.TRANSIENT, head >= transients + rows ? 0 : transients);
        long passing = activations(kept, layout, false) + Math.max(head, transients + rows);
        bytes.put(Part.ALLOCATOR, setting.gpu() ? 0 : Holes.of(setting, passing));
        return shared(bytes);
    }

    private long activations(Kept kept, Layout layout, boolean recompute) {
        long bytes = 0;
        long layers = 0;
        long deepest = 0;
        for (int layer = 0; layer <= config.layers(); layer++) {
            bytes += state(layout) * kept.drawsBefore(layer, pooling.chosen());
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            layers += kept.of(layer);
            deepest = Math.max(deepest, kept.of(layer));
        }
        return bytes + (recompute ? deepest : layers);
    }

    private long state(Layout layout) {
        return 4L * config.hidden() * layout.positions();
    }

    private long chunk(Layout layout) {
        long most = Math.max(64, LOGITS_AT_ONCE / config.vocabulary());
        long rows = Math.min(most, (long) layout.rows() * pooling.chosen());
        long capped = config.logitSoftCap() == 0 ? 0 : 8;
        long ofHead = setting.everything() ? 8 * new Projections(config).vocabulary() : 0;
        return (12 + capped) * rows * config.vocabulary() + ofHead;
    }

    private long back(Kept kept, Layout layout) {
        long p = layout.positions() * pooling.chosen();
        long feedForward = 4L * setting.narrow() * config.inner() * p;
        return Math.max(feedForward, 2L * 4 * kept.scoresAtOnce()) + 2 * state(layout) * pooling.chosen();
    }

    /** The other draws' states, and a feed-forward of theirs on its way. */
    private long others(Kept kept, Layout layout) {
        int more = pooling.draws() - pooling.chosen();
        if (more == 0) {
            return 0;
        }
        long states = 0;
        for (int layer = 0; layer <= config.layers(); layer++) {
            states += state(layout) * kept.drawsBefore(layer, more);
        }
        return states + 3L * setting.narrow() * config.inner() * layout.positions() * more;
    }
}
