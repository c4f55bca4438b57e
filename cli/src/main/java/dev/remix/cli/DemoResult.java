package dev.remix.cli;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a demo run came to. The loss is in nats a token, exact match a share of the held-out examples.
 *
 * @param active K of the job's specification
 * @param expectedSha256 what the service says the adapter's weights hash to
 */
record DemoResult(
        String jobId,
        String status,
        int steps,
        double trainLossFirst,
        double trainLossLast,
        double exactMatchBase,
        double exactMatchFinetuned,
        int testExamples,
        int active,
        double effectiveLorasAppliedMin,
        double effectiveLorasAppliedMax,
        double distinctSubsetsMean,
        AdapterFiles adapter,
        String expectedSha256,
        double trainingSeconds,
        double tokensPerSecond) {

    /** One promise of the demo and whether this run kept it. */
    record Check(String promise, boolean held, String measured) {}

    private static final double LEAST_GAIN = 0.30;

    static DemoResult of(JsonNode job, AdapterFiles adapter) {
        JsonNode result = job.path("result");
        JsonNode metrics = result.path("metrics");
        JsonNode routing = result.path("routing");
        return new DemoResult(
                job.path("id").asString(),
                job.path("status").asString(),
                metrics.path("steps").asInt(),
                number(metrics, "train_loss_first"),
                number(metrics, "train_loss_last"),
                number(metrics, "exact_match_base"),
                number(metrics, "exact_match_finetuned"),
                metrics.path("test_examples").asInt(),
                job.path("adapter").path("active").asInt(),
                number(routing, "effective_loras_applied_min"),
                number(routing, "effective_loras_applied_max"),
                number(routing, "distinct_subsets_mean"),
                adapter,
                AdapterFiles.publishedSha256(result.path("adapter")),
                number(metrics, "training_seconds"),
                number(metrics, "tokens_per_second"));
    }

    List<Check> checks() {
        return List.of(
                new Check(
                        "exact match rises by at least 30 points",
                        exactMatchFinetuned - exactMatchBase >= LEAST_GAIN,
                        String.format(
                                Locale.ROOT,
                                "%.1f %% → %.1f %% of %d held-out examples",
                                100 * exactMatchBase,
                                100 * exactMatchFinetuned,
                                testExamples)),
                new Check(
                        "training loss at least halves",
                        trainLossLast <= trainLossFirst / 2,
                        String.format(Locale.ROOT, "%.3f → %.3f nats a token", trainLossFirst, trainLossLast)),
                new Check(
                        "applied effective LoRAs are exactly K at every site and step",
                        effectiveLorasAppliedMin == active && effectiveLorasAppliedMax == active,
                        String.format(
                                Locale.ROOT,
                                "between %s and %s, K = %d",
                                effectiveLorasAppliedMin,
                                effectiveLorasAppliedMax,
                                active)),
                new Check(
                        "the downloaded adapter is the one that was trained",
                        adapter.sha256().equals(expectedSha256),
                        "SHA-256 " + adapter.sha256()));
    }

    boolean held() {
        return checks().stream().allMatch(Check::held);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("job_id", jobId);
        json.put("status", status);
        json.put("steps", steps);
        json.put("train_loss_first", trainLossFirst);
        json.put("train_loss_last", trainLossLast);
        json.put("exact_match_base", exactMatchBase);
        json.put("exact_match_finetuned", exactMatchFinetuned);
        json.put("test_examples", testExamples);
        json.put("active", active);
        json.put("effective_loras_applied_min", effectiveLorasAppliedMin);
        json.put("effective_loras_applied_max", effectiveLorasAppliedMax);
        json.put("distinct_subsets_mean", distinctSubsetsMean);
        json.put("adapter_path", adapter.weights().toString());
        json.put("adapter_sha256", adapter.sha256());
        json.put("training_seconds", trainingSeconds);
        json.put("tokens_per_second", tokensPerSecond);
        json.put("held", held());
        return json;
    }

    /** A figure that the service must give: a missing one is an error here and not a silent zero. */
    static double number(JsonNode parent, String field) {
        JsonNode value = parent.path(field);
        if (!value.isNumber()) {
            throw new ApiException("the finished job has no figure `" + field + "`");
        }
        return value.asDouble();
    }
}
