package dev.remix.engine.train;

import org.jspecify.annotations.Nullable;

/**
 * @param loss nats a supervised token
 * @param exactMatch share of the examples answered exactly, 0..1; null where no answers were generated
 */
public record EvaluationReport(
        int step, Split split, double loss, @Nullable Double exactMatch, int examples) {
    public enum Split {
        VALIDATION,
        TEST
    }
}
