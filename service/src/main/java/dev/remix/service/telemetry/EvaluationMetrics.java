package dev.remix.service.telemetry;

import org.jspecify.annotations.Nullable;

/** One evaluation: loss in nats a supervised token, exact match as a share of the examples. */
public record EvaluationMetrics(
        int step, String split, double loss, @Nullable Double exactMatch, int examples) {}
