package dev.remix.service.job;

import dev.remix.protocol.JobSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job that may be created: checked, with every default filled in.
 *
 * @param learningRateMultiplier the resolved learning rate over the one that {@code auto} would have chosen
 * @param plannedSteps optimizer steps the specification comes to
 * @param memoryBytes device memory below which no worker may take it
 */
record NewJob(
        JobSpec spec,
        double learningRateMultiplier,
        int plannedSteps,
        long memoryBytes,
        @Nullable String suffix,
        Map<String, String> metadata,
        int priority,
        int maxAttempts) {
    NewJob {
        metadata = Map.copyOf(metadata);
    }
}
