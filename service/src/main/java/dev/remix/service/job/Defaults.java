package dev.remix.service.job;

/**
 * What a job gets that does not say otherwise: the starting defaults of {@code docs/method.md}, and figures that have to
 * follow the model's and the data's size.
 */
final class Defaults {
    static final int LORAS = 8;
    static final int ACTIVE = 2;
    static final int RANK = 8;
    static final int DRAWS = 2;
    static final double REMIX_ALPHA = 2;
    static final double LORA_ALPHA = 16;
    static final double ROUTER_LEARNING_RATE_MULTIPLIER = 1;

    static final double BALANCE = 0.01;

    static final double WARMUP_RATIO = 0.05;
    static final double WEIGHT_DECAY = 0;
    static final double MAX_GRADIENT_NORM = 1;
    static final int MAX_NEW_TOKENS = 64;
    private static final int MAX_SEQUENCE_LENGTH = 4_096;
    private static final int MAX_BATCH_SIZE = 16;
    private static final int ENOUGH_STEPS = 300;
    private static final int MAX_EPOCHS = 10;
    /** Checkpoints, and evaluations, of one run. */
    private static final int PARTS = 10;

    // The best rate measured at 0.8M parameters, and the one usual at 8B; a power law goes through both.
    private static final double MEASURED_PARAMETERS = 0.8e6;
    private static final double MEASURED_RATE = 1.5e-2;
    private static final double RATE_EXPONENT = -0.425;

    private static final long BIG_MODEL_PARAMETERS = 100_000_000;

    private Defaults() {}

    static double learningRate(long parameters) {
        double rate = MEASURED_RATE * Math.pow(Math.max(1, parameters) / MEASURED_PARAMETERS, RATE_EXPONENT);
        double rounded = Math.round(rate * 1e5) / 1e5;
        return Math.clamp(rounded, 1e-4, 2e-2);
    }

    /** A small data set still makes a few steps an epoch. */
    static int batchSize(long examples) {
        return Math.clamp(examples / 4, 1, MAX_BATCH_SIZE);
    }

    /** Enough passes for a few hundred steps, but no more than the examples bear. */
    static int epochs(long examples, int batchSize) {
        return Math.clamp(ceilDiv(ENOUGH_STEPS, stepsPerEpoch(examples, batchSize)), 1, MAX_EPOCHS);
    }

    static int steps(long examples, int batchSize, int epochs) {
        return Math.clamp(stepsPerEpoch(examples, batchSize) * epochs, 1, Integer.MAX_VALUE);
    }

    static int every(int steps) {
        return Math.max(1, steps / PARTS);
    }

    static int maxSequenceLength(int contextLength) {
        return Math.min(contextLength, MAX_SEQUENCE_LENGTH);
    }

    /** Half the memory and, on large matrices, more than twice the speed; a small model gains neither. */
    static String precision(long parameters) {
        return parameters < BIG_MODEL_PARAMETERS ? JobVocabulary.F32 : JobVocabulary.BF16;
    }

    /** The frozen base alone: a device without this much cannot hold the job, one with it may or may not. */
    static long memoryBytes(long parameters, String precision) {
        return parameters * (precision.equals(JobVocabulary.F32) ? Float.BYTES : Short.BYTES);
    }

    private static long stepsPerEpoch(long examples, int batchSize) {
        return ceilDiv(examples, batchSize);
    }

    private static long ceilDiv(long dividend, long divisor) {
        return Math.ceilDiv(dividend, divisor);
    }
}
