package dev.remix.systemtest;

import java.util.Map;

/** A job that is over in seconds, and still long enough to be interrupted. */
final class SmallJob {
    static final int STEPS = 120;
    static final int CHECKPOINT_EVERY = 20;

    private SmallJob() {}

    static Map<String, Object> on(String trainingFile) {
        return on(trainingFile, STEPS);
    }

    static Map<String, Object> on(String trainingFile, int steps) {
        return Map.of(
                "model",
                "remix-tiny",
                "training_file",
                trainingFile,
                "seed",
                7,
                "hyperparameters",
                Map.of("batch_size", 8),
                "adapter",
                Map.of("type", "remix", "loras", 4, "active", 2, "rank", 2, "draws", 2),
                "training",
                Map.of("max_steps", steps, "checkpoint_every_steps", CHECKPOINT_EVERY));
    }
}
