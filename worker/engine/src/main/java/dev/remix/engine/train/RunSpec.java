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
 * @param seed of initialisation, data order and routing noise
 */
public record RunSpec(
        Path modelDirectory,
        Path training,
        @Nullable Path validation,
        @Nullable Path test,
        long seed,
        AdapterSpec adapter,
        Options options) {

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
            int maxNewTokens) {
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
