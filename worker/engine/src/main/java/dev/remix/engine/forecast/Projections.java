package dev.remix.engine.forecast;

import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.DecoderConfig;
import java.util.Arrays;

/** Widths of a layer's seven matrices. */
record Projections(DecoderConfig config) {
    long inputs(Target target) {
        return switch (target) {
            case Q_PROJ, K_PROJ, V_PROJ, GATE_PROJ, UP_PROJ -> config.hidden();
            case O_PROJ -> queries();
            case DOWN_PROJ -> config.inner();
        };
    }

    long outputs(Target target) {
        return switch (target) {
            case Q_PROJ -> queries();
            case K_PROJ, V_PROJ -> keys();
            case GATE_PROJ, UP_PROJ -> config.inner();
            case O_PROJ, DOWN_PROJ -> config.hidden();
        };
    }

    /** Of all heads together. */
    long queries() {
        return (long) config.heads() * config.headWidth();
    }

    long keys() {
        return (long) config.keyHeads() * config.headWidth();
    }

    long parameters(Target target) {
        return inputs(target) * outputs(target);
    }

    /** Of one layer's attention, or of its feed-forward. */
    long parameters(boolean ofAttention) {
        return Arrays.stream(Target.values())
                .filter(target -> target.ofAttention() == ofAttention)
                .mapToLong(this::parameters)
                .sum();
    }

    /** Embedding, or head. */
    long vocabulary() {
        return (long) config.vocabulary() * config.hidden();
    }
}
