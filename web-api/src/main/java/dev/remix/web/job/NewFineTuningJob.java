package dev.remix.web.job;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request may say; here for the document only, {@code JobRequest} reads it and names each fault. */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
record NewFineTuningJob(
        @Schema(description = "A base model", example = "remix-tiny")
        String model,

        @Schema(description = "A file of purpose `fine-tune`")
        String trainingFile,

        @Schema(description = "A file of purpose `fine-tune` whose loss is followed") @Nullable
        String validationFile,

        @Schema(description = "A held-out file, answered before and after training and scored by exact match") @Nullable
        String testFile,

        @Schema(description = "Of initialisation, data order and routing noise", minimum = "0") @Nullable
        Long seed,

        @Schema(description = "Part of the finetuned model's name", maxLength = 64) @Nullable
        String suffix,

        @Nullable Method method,

        @Schema(description = "Where they were before there was `method`", deprecated = true) @Nullable
        Hyperparameters hyperparameters,

        @Nullable Adapter adapter,
        @Nullable Training training,

        @Schema(description = "Higher is claimed first", defaultValue = "0") @Nullable
        Integer priority,

        @Schema(description = "Attempts that may fail before the job does", defaultValue = "3") @Nullable
        Integer maxAttempts,

        @Nullable Map<String, String> metadata) {

    @Schema(name = "FineTuningMethodRequest")
    record Method(
            @Schema(allowableValues = "supervised") @Nullable
            String type,

            @Nullable Supervised supervised) {}

    @Schema(name = "FineTuningSupervisedRequest")
    record Supervised(@Nullable Hyperparameters hyperparameters) {}

    @Schema(name = "FineTuningHyperparametersRequest", description = "Each a number, or `auto`")
    record Hyperparameters(
            @Schema(
                    types = {"integer", "string"},
                    name = "n_epochs")
            @Nullable
            Object epochs,

            @Schema(types = {"integer", "string"}) @Nullable Object batchSize,
            @Schema(types = {"number", "string"}) @Nullable Object learningRateMultiplier) {}

    @Schema(
            name = "AdapterRequest",
            description =
                    "What is trained; without it, ReMix with the defaults. A field that the type has no use for is"
                            + " refused by name.")
    record Adapter(
            @Schema(
                    description =
                            "`remix`: a mixture with constant weights whose routers learn from draws. `lora`, `rslora`"
                                    + " (scaled by alpha/sqrt(rank)), `dora` (with a learned magnitude): one LoRA, a standard PEFT"
                                    + " file. `mixlora`: softmax over the `active` most probable, with a load-balance loss."
                                    + " `hydralora`: softmax over all, one shared A. `softmix`: softmax over all LoRAs",
                    allowableValues = {"remix", "lora", "rslora", "dora", "mixlora", "hydralora", "softmix"},
                    defaultValue = "remix")
            @Nullable
            String type,

            @Schema(
                    description = "Pool size N, of the types with routers",
                    minimum = "1",
                    maximum = "64",
                    defaultValue = "8")
            @Nullable
            Integer loras,

            @Schema(
                    description = "LoRAs applied to one input, K, of `remix` and `mixlora`",
                    minimum = "1",
                    defaultValue = "2")
            @Nullable
            Integer active,

            @Schema(description = "Of one LoRA", minimum = "1", maximum = "256", defaultValue = "8") @Nullable
            Integer rank,

            @Schema(
                    description = "Independent selections M of one example in a step, of `remix`",
                    minimum = "2",
                    maximum = "64",
                    defaultValue = "2")
            @Nullable
            Integer draws,

            @Schema(description = "Numerator of the LoRAs' weight; 2 for `remix`, otherwise 16", example = "16")
            @Nullable
            Double alpha,

            @Schema(
                    description = "`lora`: alpha/(K·rank), `rslora`: alpha/sqrt(K·rank), K being 1 for all types but"
                            + " `remix`. `rslora` for `remix` and `rslora`, otherwise `lora`",
                    allowableValues = {"lora", "rslora"})
            @Nullable
            String scaling,

            @Schema(
                    description = "One selection for the whole sequence, or one at each token",
                    allowableValues = {"sequence", "token"},
                    defaultValue = "sequence")
            @Nullable
            String routing,

            @Schema(
                    description = "One router for each block (attention, feed-forward), or one for each projection",
                    allowableValues = {"block", "projection"},
                    defaultValue = "block")
            @Nullable
            String routers,

            @ArraySchema(
                    arraySchema =
                            @Schema(
                                    description = "Projections that carry LoRAs; those of the feed-forward block",
                                    example = "[\"q_proj\", \"v_proj\"]"),
                    schema =
                            @Schema(
                                    allowableValues = {
                                        "q_proj",
                                        "k_proj",
                                        "v_proj",
                                        "o_proj",
                                        "gate_proj",
                                        "up_proj",
                                        "down_proj"
                                    }))
            @Nullable
            List<String> targets,

            @Schema(
                    description = "Routers' learning rate over the adapters'; 0 leaves them untrained",
                    minimum = "0",
                    defaultValue = "1")
            @Nullable
            Double routerLearningRateMultiplier,

            @Schema(
                    description = "Share of a LoRA's inputs that training leaves out",
                    minimum = "0",
                    exclusiveMaximumValue = 1,
                    defaultValue = "0")
            @Nullable
            Double dropout,

            @Schema(
                    description = "Of `remix`: the mean over the draws, or that of one draw chosen independently of the"
                            + " losses, which is cheaper and noisier",
                    allowableValues = {"mean", "single"},
                    defaultValue = "mean")
            @Nullable
            String adapterGradient,

            @Schema(
                    description =
                            "Of `remix`: divide each example's advantages by their deviation, which is steadier and"
                                    + " biased",
                    defaultValue = "false")
            @Nullable
            Boolean normaliseAdvantages,

            @Schema(
                    description = "Of `remix`: times the policy's entropy in nats, taken off the loss",
                    minimum = "0",
                    defaultValue = "0")
            @Nullable
            Double entropyBonus,

            @Schema(
                    description = "Of `remix`: times KL(uniform, policy) in nats, added to the loss",
                    minimum = "0",
                    defaultValue = "0")
            @Nullable
            Double uniformDivergence,

            @Schema(
                    description = "Of `mixlora`: coefficient of the load-balance loss, 0.01 unless given",
                    minimum = "0",
                    example = "0.01")
            @Nullable
            Double balance) {}

    @Schema(name = "TrainingRequest", description = "How it is trained")
    record Training(
            @Schema(description = "Peak, of the adapters") @Nullable
            Double learningRate,

            @Nullable Integer maxSteps,

            @Schema(description = "Tokens; a longer example is refused, never cut") @Nullable
            Integer maxSequenceLength,

            @Schema(allowableValues = {"f32", "bf16"}) @Nullable
            String precision,

            @Nullable Double warmupRatio,

            @Schema(allowableValues = {"cosine", "linear", "constant"}) @Nullable
            String schedule,

            @Nullable Double weightDecay,
            @Nullable Double maxGradientNorm,
            @Nullable Integer checkpointEverySteps,
            @Nullable Integer evaluateEverySteps,
            @Nullable Integer maxNewTokens,

            @Schema(
                    description =
                            "Tokens that go through the model at once, whole examples at a time, or `auto`: what suits"
                                    + " the worker's device. It changes memory and speed, not the result",
                    types = {"integer", "string"},
                    defaultValue = "auto",
                    example = "8192")
            @Nullable
            Object microBatchTokens,

            @Schema(
                    description =
                            "Compute each layer again on the way back instead of keeping it: less memory, more time",
                    defaultValue = "false")
            @Nullable
            Boolean recompute,

            @Schema(
                    description = "Devices of the worker that share a step; it refuses more than it has",
                    minimum = "1",
                    maximum = "64",
                    defaultValue = "1")
            @Nullable
            Integer replicas,

            @Nullable EarlyStopping earlyStopping,

            @Schema(
                    description = "The result is the adapter with the lowest validation loss, not the last one; needs a"
                            + " `validation_file`",
                    defaultValue = "false")
            @Nullable
            Boolean keepBest,

            @Schema(
                    description =
                            "A finetuned model to begin with instead of a new adapter: of the same base, and with an"
                                    + " adapter of the same kind and shape",
                    example = "ft:remix-tiny:support:0a1b2c3d4e")
            @Nullable
            String initialModel) {}

    @Schema(
            name = "EarlyStoppingRequest",
            description = "End when the validation loss has stopped falling; needs a `validation_file`")
    record EarlyStopping(
            @Schema(description = "Evaluations without an improvement", minimum = "1", example = "3")
            Integer patience,

            @Schema(
                    description = "Nats a token that count as an improvement",
                    minimum = "0",
                    defaultValue = "0",
                    example = "0.001")
            @Nullable
            Double minDelta) {}
}
