package dev.remix.service.job;

import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a person asked for, each value alone being one that a job may have; what was left out is null and is filled in by
 * {@link JobRequests}.
 */
public record JobRequest(
        String model,
        String trainingFile,
        @Nullable String validationFile,
        @Nullable String testFile,
        @Nullable Long seed,
        @Nullable String suffix,
        Map<String, String> metadata,
        Hyperparameters hyperparameters,
        Adapter adapter,
        Training training,
        int priority,
        int maxAttempts) {
    private static final int DEFAULT_MAX_ATTEMPTS = 3;
    private static final int MAX_RANK = 256;
    private static final int MAX_LORAS = 64;
    private static final int MAX_DRAWS = 64;
    private static final int MAX_REPLICAS = 64;
    private static final int MAX_STEPS = 10_000_000;

    public JobRequest {
        metadata = Map.copyOf(metadata);
    }

    /** OpenAI's three; null is {@code auto}. */
    record Hyperparameters(
            @Nullable Integer epochs,
            @Nullable Integer batchSize,
            @Nullable Double learningRateMultiplier) {}

    record Adapter(
            @Nullable String type,
            @Nullable Integer loras,
            @Nullable Integer active,
            @Nullable Integer rank,
            @Nullable Integer draws,
            @Nullable Double alpha,
            @Nullable String scaling,
            @Nullable String routing,
            @Nullable List<String> targets,
            @Nullable Double routerLearningRateMultiplier,
            @Nullable String routers,
            @Nullable Double dropout,
            @Nullable String adapterGradient,
            @Nullable Boolean normaliseAdvantages,
            @Nullable Double entropyBonus,
            @Nullable Double uniformDivergence,
            @Nullable Double balance) {}

    record Training(
            @Nullable Double learningRate,
            @Nullable Integer maxSteps,
            @Nullable Integer maxSequenceLength,
            @Nullable String precision,
            @Nullable Double warmupRatio,
            @Nullable String schedule,
            @Nullable Double weightDecay,
            @Nullable Double maxGradientNorm,
            @Nullable Integer checkpointEverySteps,
            @Nullable Integer evaluateEverySteps,
            @Nullable Integer maxNewTokens,
            @Nullable Integer microBatchTokens,
            @Nullable Boolean recompute,
            @Nullable Integer replicas,
            @Nullable EarlyStopping earlyStopping,
            @Nullable Boolean keepBest,
            @Nullable String initialModel) {}

    /** Ends a run whose validation loss has not fallen by {@code minDelta} for {@code patience} evaluations. */
    record EarlyStopping(int patience, @Nullable Double minDelta) {}

    /**
     * Reads the body of a request.
     *
     * @throws Refusal with a problem for each field that is unknown, of the wrong type or out of its range
     */
    public static JobRequest read(JsonNode body) {
        if (!body.isObject()) {
            throw Refusal.of(Refusal.Kind.INVALID, "invalid_type", "The body must be a JSON object.");
        }
        List<Problem> problems = new ArrayList<>();
        JobRequest request = read(new Fields(body, "", problems));
        JobProblems.refuse(Refusal.Kind.INVALID, problems);
        return request;
    }

    private static JobRequest read(Fields body) {
        JobRequest request = new JobRequest(
                body.requiredText("model"),
                body.requiredText("training_file"),
                body.text("validation_file"),
                body.text("test_file"),
                body.integer("seed", 0, Long.MAX_VALUE),
                suffix(body),
                body.labels("metadata"),
                hyperparameters(body),
                adapter(body.object("adapter")),
                training(body.object("training")),
                orElse(body.integer("priority", -1_000, 1_000), 0),
                orElse(body.integer("max_attempts", 1, 100), DEFAULT_MAX_ATTEMPTS));
        body.refuseOthers();
        return request;
    }

    private static @Nullable String suffix(Fields body) {
        String suffix = body.text("suffix");
        if (suffix != null && !suffix.matches("[A-Za-z0-9._-]{1,64}")) {
            body.problem("suffix", "out_of_range", "The suffix may have at most 64 letters, digits, '.', '_' and '-'.");
            return null;
        }
        return suffix;
    }

    /** Where {@code method} puts them, or at the top level, where they were before there were methods. */
    private static Hyperparameters hyperparameters(Fields body) {
        Fields method = body.object("method");
        method.oneOf("type", List.of("supervised"));
        Fields supervised = method.object("supervised");
        Hyperparameters nested = hyperparametersOf(supervised.object("hyperparameters"));
        supervised.refuseOthers();
        method.refuseOthers();
        boolean legacy = body.has("hyperparameters");
        Hyperparameters top = hyperparametersOf(body.object("hyperparameters"));
        if (legacy && supervised.has("hyperparameters")) {
            body.problem("hyperparameters", "given_twice", "The hyperparameters are in 'method' already.");
        }
        return legacy ? top : nested;
    }

    private static Hyperparameters hyperparametersOf(Fields fields) {
        Hyperparameters hyperparameters = new Hyperparameters(
                toInt(fields.integerOrAuto("n_epochs", 1, 10_000)),
                toInt(fields.integerOrAuto("batch_size", 1, 4_096)),
                fields.numberOrAuto("learning_rate_multiplier", value -> value > 0, "greater than 0"));
        fields.refuseOthers();
        return hyperparameters;
    }

    private static Adapter adapter(Fields fields) {
        Adapter adapter = new Adapter(
                fields.oneOf("type", AdapterKind.words()),
                toInt(fields.integer("loras", 1, MAX_LORAS)),
                toInt(fields.integer("active", 1, MAX_LORAS)),
                toInt(fields.integer("rank", 1, MAX_RANK)),
                toInt(fields.integer("draws", 1, MAX_DRAWS)),
                fields.number("alpha", value -> value > 0, "greater than 0"),
                fields.oneOf("scaling", JobVocabulary.SCALINGS),
                fields.oneOf("routing", JobVocabulary.ROUTINGS),
                fields.severalOf("targets", JobVocabulary.TARGETS),
                fields.number("router_learning_rate_multiplier", value -> value >= 0, "0 or greater"),
                fields.oneOf("routers", JobVocabulary.ROUTERS),
                fields.number("dropout", value -> value >= 0 && value < 1, "0 or greater and less than 1"),
                fields.oneOf("adapter_gradient", JobVocabulary.ADAPTER_GRADIENTS),
                fields.flag("normalise_advantages"),
                fields.number("entropy_bonus", value -> value >= 0, "0 or greater"),
                fields.number("uniform_divergence", value -> value >= 0, "0 or greater"),
                fields.number("balance", value -> value >= 0, "0 or greater"));
        fields.refuseOthers();
        return adapter;
    }

    private static Training training(Fields fields) {
        Training training = new Training(
                fields.number("learning_rate", value -> value > 0 && value <= 1, "greater than 0 and at most 1"),
                toInt(fields.integer("max_steps", 1, MAX_STEPS)),
                toInt(fields.integer("max_sequence_length", 8, Integer.MAX_VALUE)),
                fields.oneOf("precision", JobVocabulary.PRECISIONS),
                fields.number("warmup_ratio", value -> value >= 0 && value < 1, "0 or greater and less than 1"),
                fields.oneOf("schedule", JobVocabulary.SCHEDULES),
                fields.number("weight_decay", value -> value >= 0 && value <= 1, "between 0 and 1"),
                fields.number("max_gradient_norm", value -> value > 0, "greater than 0"),
                toInt(fields.integer("checkpoint_every_steps", 1, MAX_STEPS)),
                toInt(fields.integer("evaluate_every_steps", 1, MAX_STEPS)),
                toInt(fields.integer("max_new_tokens", 1, 100_000)),
                toInt(fields.integerOrAuto("micro_batch_tokens", 1, Integer.MAX_VALUE)),
                fields.flag("recompute"),
                toInt(fields.integer("replicas", 1, MAX_REPLICAS)),
                earlyStopping(fields),
                fields.flag("keep_best"),
                fields.text("initial_model"));
        fields.refuseOthers();
        return training;
    }

    private static @Nullable EarlyStopping earlyStopping(Fields training) {
        Fields fields = training.object("early_stopping");
        Long patience = fields.integer("patience", 1, MAX_STEPS);
        Double minDelta = fields.number("min_delta", value -> value >= 0, "0 or greater");
        fields.refuseOthers();
        if (training.has("early_stopping") && !fields.has("patience")) {
            fields.problem("patience", "required", "'patience' is required.");
        }
        return patience == null ? null : new EarlyStopping(Math.toIntExact(patience), minDelta);
    }

    private static @Nullable Integer toInt(@Nullable Long value) {
        return value == null ? null : Integer.valueOf(Math.toIntExact(value));
    }

    private static int orElse(@Nullable Long value, int otherwise) {
        return value == null ? otherwise : Math.toIntExact(value);
    }
}
