package dev.remix.web.job;

import dev.remix.service.telemetry.StepMetrics;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be drawn over the steps, in the order of the CSV's columns. */
enum Series {
    LOSS,
    LEARNING_RATE,
    ADAPTER_GRADIENT_NORM,
    ROUTER_GRADIENT_NORM,
    EPOCH,
    TOKENS,
    SECONDS,
    TOKENS_PER_SECOND,
    DRAWS_LOSS_MEAN,
    DRAWS_LOSS_STDDEV,
    ADVANTAGE_STDDEV,
    ATTEMPT;

    @Nullable
    Number of(StepMetrics step) {
        return switch (this) {
            case LOSS -> step.loss();
            case LEARNING_RATE -> step.learningRate();
            case ADAPTER_GRADIENT_NORM -> step.adapterGradientNorm();
            case ROUTER_GRADIENT_NORM -> step.routerGradientNorm();
            case EPOCH -> step.epoch();
            case TOKENS -> step.tokens();
            case SECONDS -> step.seconds();
            case TOKENS_PER_SECOND -> step.tokensPerSecond();
            case DRAWS_LOSS_MEAN -> step.drawsLossMean();
            case DRAWS_LOSS_STDDEV -> step.drawsLossStddev();
            case ADVANTAGE_STDDEV -> step.advantageStddev();
            case ATTEMPT -> step.attempt();
        };
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Series> of(String text) {
        return Arrays.stream(values())
                .filter(series -> series.text().equals(text))
                .findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(Series::text).collect(Collectors.joining(", "));
    }
}
