package dev.remix.service.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * One step, or the mean of several when they were asked for more coarsely; tokens and seconds are sums then, and step and
 * attempt are the last ones.
 */
public record StepMetrics(
        int step,
        int attempt,
        double epoch,
        double loss,
        double learningRate,
        double adapterGradientNorm,
        @Nullable Double routerGradientNorm,
        long tokens,
        double seconds,
        @Nullable Double tokensPerSecond,
        @Nullable Double drawsLossMean,
        @Nullable Double drawsLossStddev,
        @Nullable Double advantageStddev) {}
