package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterSpec;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One run, whole: the same specification and files give the same losses, bit for bit, on one machine.
 *
 * @param modelDirectory a Hugging Face directory: config.json, tokenizer.json, tokenizer_config.json, safetensors
 * @param training chat JSONL
 * @param validation chat JSONL whose loss is followed, or null
 * @param test held-out chat JSONL answered greedily before and after training, or null
 * @param initialAdapter directory of an adapter of the same kind to start from, or null
 * @param seed of initialisation, data order and routing noise
 */
public record RunSpec(
        Path modelDirectory,
        Path training,
        @Nullable Path validation,
        @Nullable Path test,
        @Nullable Path initialAdapter,
        long seed,
        AdapterSpec adapter,
        Options options) {
    public RunSpec {
        if (validation == null && options.stopping().needsValidation()) {
            throw new EngineException(
                    Kind.INVALID_SPEC, "Early stopping and keep_best go by a validation file, which this job has not.");
        }
    }

    /** From adapters as they are initialised. */
    public RunSpec(
            Path modelDirectory,
            Path training,
            @Nullable Path validation,
            @Nullable Path test,
            long seed,
            AdapterSpec adapter,
            Options options) {
        this(modelDirectory, training, validation, test, null, seed, adapter, options);
    }

    /** What has to be the same for a checkpoint to fit: everything but where the files lie. */
    String identity() {
        return "seed " + seed + ", " + adapter + ", " + options;
    }

    public enum Schedule {
        CONSTANT,
        LINEAR,
        COSINE
    }

    /** Number format of the frozen base and its matrix products; adapters, router, sums and optimizer stay float32. */
    public enum Precision {
        F32,
        BF16
    }

    /**
     * How a step is computed; what it computes is the same up to rounding.
     *
     * @param microBatchTokens tokens that go through the model at once, or null for as many as suit the device
     * @param recompute keep each layer's input only, and compute a layer again on the way back
     * @param replicas devices that share a step
     */
    public record Execution(@Nullable Integer microBatchTokens, boolean recompute, int replicas) {
        public static final Execution PLAIN = new Execution(null, false, 1);

        public Execution {
            Options.require(microBatchTokens == null || microBatchTokens >= 1, "micro_batch_tokens", microBatchTokens);
            Options.require(replicas >= 1, "replicas", replicas);
        }
    }

    /**
     * What ends a run before its last step, and which of its states is the result.
     *
     * @param patience evaluations without an improvement after which a run ends early; 0 for never
     * @param minimumImprovement nats a token that count as one
     * @param keepBest whether the result is the state with the lowest evaluated loss, not the last
     * @param highestLoss nats a token of one step above which a run counts as diverged; null: only where a figure isn't finite
     */
    public record Stopping(
            int patience,
            double minimumImprovement,
            boolean keepBest,
            @Nullable Double highestLoss) {
        public static final Stopping NEVER = new Stopping(0, 0, false);

        public Stopping(int patience, double minimumImprovement, boolean keepBest) {
            this(patience, minimumImprovement, keepBest, null);
        }

        public Stopping {
            Options.require(highestLoss == null || highestLoss > 0, "highest_loss", highestLoss);
            Options.require(patience >= 0, "early_stopping_patience", patience);
            Options.require(
                    minimumImprovement >= 0 && Double.isFinite(minimumImprovement),
                    "early_stopping_minimum_improvement",
                    minimumImprovement);
        }

        boolean needsValidation() {
            return patience > 0 || keepBest;
        }
    }

    /**
     * @param epochs passes over the training examples
     * @param maxSteps ends the run earlier, or null
     * @param batchSize examples in one optimizer step
     * @param learningRate peak, of the adapters
     * @param warmupRatio share of all steps over which the rate rises from 0
     * @param maxGradientNorm global norm of the adapters' gradient, clipped from above
     * @param maxSequenceLength tokens; a longer example is refused, never cut
     * @param maxNewTokens bound on a greedy answer in the exact-match evaluation
     */
    public record Options(
            int epochs,
            @Nullable Integer maxSteps,
            int batchSize,
            double learningRate,
            Schedule schedule,
            double warmupRatio,
            double weightDecay,
            double maxGradientNorm,
            int maxSequenceLength,
            Precision precision,
            int checkpointEverySteps,
            int evaluateEverySteps,
            int maxNewTokens,
            Execution execution,
            Stopping stopping) {
        /** Whole batches on one device, all steps. */
        public Options(
                int epochs,
                @Nullable Integer maxSteps,
                int batchSize,
                double learningRate,
                Schedule schedule,
                double warmupRatio,
                double weightDecay,
                double maxGradientNorm,
                int maxSequenceLength,
                Precision precision,
                int checkpointEverySteps,
                int evaluateEverySteps,
                int maxNewTokens) {
            this(
                    epochs,
                    maxSteps,
                    batchSize,
                    learningRate,
                    schedule,
                    warmupRatio,
                    weightDecay,
                    maxGradientNorm,
                    maxSequenceLength,
                    precision,
                    checkpointEverySteps,
                    evaluateEverySteps,
                    maxNewTokens,
                    Execution.PLAIN,
                    Stopping.NEVER);
        }

        public Options {
            require(epochs >= 1, "epochs", epochs);
            require(maxSteps == null || maxSteps >= 1, "max_steps", maxSteps);
            require(batchSize >= 1, "batch_size", batchSize);
            require(learningRate > 0 && Double.isFinite(learningRate), "learning_rate", learningRate);
            require(warmupRatio >= 0 && warmupRatio <= 1, "warmup_ratio", warmupRatio);
            require(weightDecay >= 0 && Double.isFinite(weightDecay), "weight_decay", weightDecay);
            require(maxGradientNorm > 0, "max_gradient_norm", maxGradientNorm);
            require(maxSequenceLength >= 2, "max_sequence_length", maxSequenceLength);
            require(checkpointEverySteps >= 1, "checkpoint_every_steps", checkpointEverySteps);
            require(evaluateEverySteps >= 1, "evaluate_every_steps", evaluateEverySteps);
            require(maxNewTokens >= 1, "max_new_tokens", maxNewTokens);
        }

        private static void require(boolean holds, String option, @Nullable Object value) {
            if (!holds) {
                throw new EngineException(Kind.INVALID_SPEC, option + " can't be " + value + ".");
            }
        }
    }
}
