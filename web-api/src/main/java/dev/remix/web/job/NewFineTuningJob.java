package dev.remix.web.job;

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

    @Schema(name = "AdapterRequest", description = "What is trained; without it, ReMix with the defaults")
    record Adapter(
            @Schema(allowableValues = {"remix", "lora"}) String type,

            @Schema(description = "Pool size N", minimum = "1", maximum = "64")
            Integer loras,

            @Schema(description = "LoRAs applied to one input, K", minimum = "1")
            Integer active,

            @Schema(description = "Of one LoRA", minimum = "1", maximum = "256")
            Integer rank,

            @Schema(description = "Independent selections M of one example in a step", minimum = "2", maximum = "64")
            Integer draws,

            Double alpha,
            @Schema(allowableValues = {"lora", "rslora"}) String scaling,
            @Schema(allowableValues = {"sequence", "token"}) String routing,
            List<String> targets,

            @Schema(description = "0 leaves the router untrained", minimum = "0")
            Double routerLearningRateMultiplier) {}

    @Schema(name = "TrainingRequest")
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
            Integer maxNewTokens) {}
}
