package dev.remix.web.job;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;

/** What a request may say; here for the document only, {@code JobRequest} reads it and names each fault. */
@Schema(
        requiredProperties = {"model", "training_file"},
        additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
record NewFineTuningJob(
        @Schema(description = "A base model", example = "remix-tiny")
        String model,

        @Schema(description = "A file of purpose `fine-tune`")
        String trainingFile,

        @Schema(description = "A file of purpose `fine-tune` whose loss is followed")
        String validationFile,

        @Schema(description = "A held-out file, answered before and after training and scored by exact match")
        String testFile,

        @Schema(description = "Of initialisation, data order and routing noise", minimum = "0")
        Long seed,

        @Schema(description = "Part of the finetuned model's name", maxLength = 64)
        String suffix,

        Method method,

        @Schema(description = "Where they were before there was `method`", deprecated = true)
        Hyperparameters hyperparameters,

        Adapter adapter,
        Training training,

        @Schema(description = "Higher is claimed first", defaultValue = "0")
        Integer priority,

        @Schema(description = "Attempts that may fail before the job does", defaultValue = "3")
        Integer maxAttempts,

        Map<String, String> metadata) {

    @Schema(name = "FineTuningMethodRequest")
    record Method(@Schema(allowableValues = "supervised") String type, Supervised supervised) {}

    @Schema(name = "FineTuningSupervisedRequest")
    record Supervised(Hyperparameters hyperparameters) {}

    @Schema(name = "FineTuningHyperparametersRequest", description = "Each a number, or `auto`")
    record Hyperparameters(
            @Schema(
                    types = {"integer", "string"},
                    name = "n_epochs")
            Object epochs,

            @Schema(types = {"integer", "string"}) Object batchSize,
            @Schema(types = {"number", "string"}) Object learningRateMultiplier) {}

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
            String type,

            @Schema(
                    description = "Pool size N, of the types with routers",
                    minimum = "1",
                    maximum = "64",
                    defaultValue = "8")
            Integer loras,

            @Schema(
                    description = "LoRAs applied to one input, K, of `remix` and `mixlora`",
                    minimum = "1",
                    defaultValue = "2")
            Integer active,

            @Schema(description = "Of one LoRA", minimum = "1", maximum = "256", defaultValue = "8")
            Integer rank,

            @Schema(
                    description = "Independent selections M of one example in a step, of `remix`",
                    minimum = "2",
                    maximum = "64",
                    defaultValue = "2")
            Integer draws,

            @Schema(description = "Numerator of the LoRAs' weight; 2 for `remix`, otherwise 16", example = "16")
            Double alpha,

            @Schema(
                    description = "`lora`: alpha/(K·rank), `rslora`: alpha/sqrt(K·rank), K being 1 for all types but"
                            + " `remix`. `rslora` for `remix` and `rslora`, otherwise `lora`",
                    allowableValues = {"lora", "rslora"})
            String scaling,

            @Schema(
                    description = "One selection for the whole sequence, or one at each token",
                    allowableValues = {"sequence", "token"},
                    defaultValue = "sequence")
            String routing,

            @Schema(
                    description = "One router for each block (attention, feed-forward), or one for each projection",
                    allowableValues = {"block", "projection"},
                    defaultValue = "block")
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
            List<String> targets,

            @Schema(
                    description = "Routers' learning rate over the adapters'; 0 leaves them untrained",
                    minimum = "0",
                    defaultValue = "1")
            Double routerLearningRateMultiplier,

            @Schema(
                    description = "Share of a LoRA's inputs that training leaves out",
                    minimum = "0",
                    exclusiveMaximumValue = 1,
                    defaultValue = "0")
            Double dropout,

            @Schema(
                    description = "Of `remix`: the mean over the draws, or that of one draw chosen independently of the"
                            + " losses, which is cheaper and noisier",
                    allowableValues = {"mean", "single"},
                    defaultValue = "mean")
            String adapterGradient,

            @Schema(
                    description =
                            "Of `remix`: divide each example's advantages by their deviation, which is steadier and"
                                    + " biased",
                    defaultValue = "false")
            Boolean normaliseAdvantages,

            @Schema(
                    description = "Of `remix`: times the policy's entropy in nats, taken off the loss",
                    minimum = "0",
                    defaultValue = "0")
            Double entropyBonus,

            @Schema(
                    description = "Of `remix`: times KL(uniform, policy) in nats, added to the loss",
                    minimum = "0",
                    defaultValue = "0")
            Double uniformDivergence,

            @Schema(
                    description = "Of `mixlora`: coefficient of the load-balance loss, 0.01 unless given",
                    minimum = "0",
                    example = "0.01")
            Double balance) {}

    @Schema(name = "TrainingRequest", description = "How it is trained")
    record Training(
            @Schema(description = "Peak, of the adapters") Double learningRate,
            Integer maxSteps,

            @Schema(description = "Tokens; a longer example is refused, never cut")
            Integer maxSequenceLength,

            @Schema(allowableValues = {"f32", "bf16"}) String precision,
            Double warmupRatio,

            @Schema(allowableValues = {"cosine", "linear", "constant"})
            String schedule,

            Double weightDecay,
            Double maxGradientNorm,
            Integer checkpointEverySteps,
            Integer evaluateEverySteps,
            Integer maxNewTokens,

            @Schema(
                    description =
                            "Tokens that go through the model at once, whole examples at a time, or `auto`: what suits"
                                    + " the worker's device. It changes memory and speed, not the result",
                    types = {"integer", "string"},
                    defaultValue = "auto",
                    example = "8192")
            Object microBatchTokens,

            @Schema(
                    description =
                            "Compute each layer again on the way back instead of keeping it: less memory, more time",
                    defaultValue = "false")
            Boolean recompute,

            @Schema(
                    description = "Devices of the worker that share a step; it refuses more than it has",
                    minimum = "1",
                    maximum = "64",
                    defaultValue = "1")
            Integer replicas,

            EarlyStopping earlyStopping,

            @Schema(
                    description = "The result is the adapter with the lowest validation loss, not the last one; needs a"
                            + " `validation_file`",
                    defaultValue = "false")
            Boolean keepBest) {}

    @Schema(
            name = "EarlyStoppingRequest",
            description = "End when the validation loss has stopped falling; needs a `validation_file`",
            requiredProperties = "patience")
    record EarlyStopping(
            @Schema(description = "Evaluations without an improvement", minimum = "1", example = "3")
            Integer patience,

            @Schema(
                    description = "Nats a token that count as an improvement",
                    minimum = "0",
                    defaultValue = "0",
                    example = "0.001")
            Double minDelta) {}
}
