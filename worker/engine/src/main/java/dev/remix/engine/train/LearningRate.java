package dev.remix.engine.train;

import dev.remix.engine.train.RunSpec.Options;

/** Linear warm-up from 0 to the peak, then constant, or down to 0 in a line or half a cosine. */
record LearningRate(RunSpec.Schedule schedule, double peak, int warmupSteps, int totalSteps) {

    static LearningRate of(Options options, int totalSteps) {
        int warmup = (int) Math.ceil(options.warmupRatio() * totalSteps);
        return new LearningRate(options.schedule(), options.learningRate(), warmup, totalSteps);
    }

    /** @param step from 1 */
    double at(int step) {
        if (step <= warmupSteps) {
            return peak * step / warmupSteps;
        }
        double past = (double) (step - 1 - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
        return switch (schedule) {
            case CONSTANT -> peak;
            case LINEAR -> peak * (1 - past);
            case COSINE -> peak * 0.5 * (1 + Math.cos(Math.PI * past));
        };
    }
}
