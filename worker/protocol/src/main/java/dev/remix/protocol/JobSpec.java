package dev.remix.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job's specification with every default filled in: what is stored with the job, echoed by the API and trained by the
 * worker. The same specification on the same machine tells the same story, step for step.
 *
 * @param model the base model
 * @param training examples to train on
 * @param validation examples whose loss is followed during training
 * @param test held-out examples, answered greedily before and after training and scored by exact match
 * @param seed of initialisation, data order and routing noise
 * @param adapter what is trained
 * @param options how it is trained
 */
public record JobSpec(
        Model model,
        DataSet training,
        @Nullable DataSet validation,
        @Nullable DataSet test,
        long seed,
        Adapter adapter,
        Options options) {

    /** A base model by the identifier users name it with, and the SHA-256 that pins its weights and configuration. */
    public record Model(String id, String revision) {}

    /** A stored, validated, immutable file of examples in chat JSONL. */
    public record DataSet(String fileId, String sha256, long bytes) {}

    /**
     * The trained parameters.
     *
     * @param type {@code remix} or {@code lora}
     * @param loras pool size N; 1 for {@code lora}
     * @param active LoRAs applied to one input, K; 1 for {@code lora}
     * @param rank rank R of one LoRA
     * @param draws independent selections M of one example in a training step; 1 for {@code lora}
     * @param alpha the numerator of the constant weight omega
     * @param scaling {@code lora}: alpha/(K·R), {@code rslora}: alpha/sqrt(K·R)
     * @param routing {@code sequence} or {@code token}
     * @param targets projections that carry LoRAs, of {@code gate_proj up_proj down_proj}
     * @param routerLearningRateMultiplier router's learning rate over the adapters'; 0 leaves the router untrained
     */
    public record Adapter(
            String type,
            int loras,
            int active,
            int rank,
            int draws,
            double alpha,
            String scaling,
            String routing,
            List<String> targets,
            double routerLearningRateMultiplier) {
        public Adapter {
            targets = List.copyOf(targets);
        }
    }

    /**
     * The schedule.
     *
     * @param epochs passes over the training examples
     * @param maxSteps ends the run earlier, or null
     * @param batchSize examples in one optimizer step
     * @param learningRate peak learning rate of the adapters
     * @param schedule {@code cosine}, {@code linear} or {@code constant}, after the warm-up
     * @param warmupRatio share of all steps over which the learning rate rises from 0
     * @param weightDecay of AdamW
     * @param maxGradientNorm global norm the adapters' gradient is clipped to
     * @param maxSequenceLength tokens; a longer example is refused, never cut
     * @param precision of the frozen base and its matrix products: {@code f32} or {@code bf16}
     * @param checkpointEverySteps steps between checkpoints
     * @param evaluateEverySteps steps between evaluations of the validation loss
     * @param maxNewTokens bound on a greedy answer during the exact-match evaluation
     */
    public record Options(
            int epochs,
            @Nullable Integer maxSteps,
            int batchSize,
            double learningRate,
            String schedule,
            double warmupRatio,
            double weightDecay,
            double maxGradientNorm,
            int maxSequenceLength,
            String precision,
            int checkpointEverySteps,
            int evaluateEverySteps,
            int maxNewTokens) {}
}
