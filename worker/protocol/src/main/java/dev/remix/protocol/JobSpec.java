package dev.remix.protocol;

import static java.util.Objects.requireNonNullElse;

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
 * @param initialModel the finetuned model whose adapter is trained on, or null to begin with a new one
 */
public record JobSpec(
        Model model,
        DataSet training,
        @Nullable DataSet validation,
        @Nullable DataSet test,
        long seed,
        Adapter adapter,
        Options options,
        @Nullable InitialModel initialModel) {

    /** A base model by the identifier users name it with, and the SHA-256 that pins its weights and configuration. */
    public record Model(String id, String revision) {}

    /** A stored, validated, immutable file of examples in chat JSONL. */
    public record DataSet(String fileId, String sha256, long bytes) {}

    /** A finetuned model, with the files that hold its adapter. */
    public record InitialModel(String id, List<AdapterFile> files) {
        public InitialModel {
            files = List.copyOf(files);
        }
    }

    /** One file of an adapter, under its name in the adapter's directory. */
    public record AdapterFile(String name, String sha256, long bytes) {}

    /**
     * The trained parameters. What a type has no use for has the value that changes nothing.
     *
     * <p>The boxed components came later: a specification that was stored before has none of them, and what is absent gets
     * the value by which such a job was trained.
     *
     * @param type {@code remix}, {@code lora}, {@code rslora}, {@code dora}, {@code mixlora}, {@code hydralora} or
     *     {@code softmix}
     * @param loras pool size N; 1 for a type without a router
     * @param active LoRAs applied to one input, K; all where none is left out
     * @param rank rank R of one LoRA
     * @param draws independent selections M of one example in a training step; 1 for all but {@code remix}
     * @param alpha the numerator of the constant weight omega
     * @param scaling {@code lora}: alpha/(K·R), {@code rslora}: alpha/sqrt(K·R); K is 1 for all but {@code remix}
     * @param routing {@code sequence} or {@code token}
     * @param targets projections that carry LoRAs, of {@code q_proj k_proj v_proj o_proj gate_proj up_proj down_proj}
     * @param routerLearningRateMultiplier routers' learning rate over the adapters'; 0 leaves them untrained
     * @param routers one for each {@code block} (attention, feed-forward) or for each {@code projection}
     * @param dropout share of a LoRA's inputs that training leaves out
     * @param adapterGradient of {@code remix}: the {@code mean} over the draws, or that of a {@code single} one
     * @param normaliseAdvantages of {@code remix}: each example's advantages by their own deviation
     * @param entropyBonus of {@code remix}: times the policy's entropy in nats, taken off the loss
     * @param uniformDivergence of {@code remix}: times KL(uniform, policy) in nats, added to the loss
     * @param balance of {@code mixlora}: coefficient of the load-balance loss
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
            double routerLearningRateMultiplier,
            String routers,
            Double dropout,
            String adapterGradient,
            Boolean normaliseAdvantages,
            Double entropyBonus,
            Double uniformDivergence,
            Double balance) {
        public Adapter {
            targets = List.copyOf(targets);
            routers = requireNonNullElse(routers, "block");
            dropout = requireNonNullElse(dropout, 0.0);
            adapterGradient = requireNonNullElse(adapterGradient, "mean");
            normaliseAdvantages = requireNonNullElse(normaliseAdvantages, false);
            entropyBonus = requireNonNullElse(entropyBonus, 0.0);
            uniformDivergence = requireNonNullElse(uniformDivergence, 0.0);
            balance = requireNonNullElse(balance, 0.0);
        }

        /** A router for each block, no dropout, and the estimator as the paper has it. */
        public Adapter(
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
            this(
                    type,
                    loras,
                    active,
                    rank,
                    draws,
                    alpha,
                    scaling,
                    routing,
                    targets,
                    routerLearningRateMultiplier,
                    "block",
                    0.0,
                    "mean",
                    false,
                    0.0,
                    0.0,
                    0.0);
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
     * @param execution how a step is computed; absent from specifications of earlier versions
     * @param stopping what the validation decides; absent from specifications of earlier versions
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
            int maxNewTokens,
            Execution execution,
            Stopping stopping) {
        public Options {
            execution = requireNonNullElse(execution, Execution.PLAIN);
            stopping = requireNonNullElse(stopping, Stopping.NEVER);
        }
    }

    /**
     * How a step is computed; what it computes is the same up to rounding.
     *
     * @param microBatchTokens tokens that go through the model at once, or null where the worker decides
     * @param recompute keep each layer's input only, and compute a layer again on the way back
     * @param replicas devices that share a step
     */
    public record Execution(@Nullable Integer microBatchTokens, boolean recompute, int replicas) {
        /** One device that keeps what it has computed. */
        public static final Execution PLAIN = new Execution(null, false, 1);
    }

    /**
     * What the validation's loss decides.
     *
     * @param patience evaluations without an improvement after which a run ends early; 0 for never
     * @param minDelta nats a token that count as an improvement
     * @param keepBest whether the adapter is that of the best evaluated step, not of the last
     */
    public record Stopping(int patience, double minDelta, boolean keepBest) {
        /** Every step is run, and the last one's adapter is the result. */
        public static final Stopping NEVER = new Stopping(0, 0, false);
    }
}
