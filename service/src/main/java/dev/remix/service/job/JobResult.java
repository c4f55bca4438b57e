package dev.remix.service.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.remix.protocol.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a job came to, as it is stored with it and shown by the API. */
public record JobResult(
        List<AdapterFile> adapter,
        Metrics metrics,
        List<Outcome.Sample> samples,
        @Nullable RoutingSummary routing) {
    public JobResult {
        adapter = List.copyOf(adapter);
        samples = List.copyOf(samples);
    }

    public record AdapterFile(String name, String sha256, long bytes) {}

    /**
     * Losses in nats a token, exact match as a share of the test examples.
     *
     * @param trainLossLast mean over the last tenth of the steps
     * @param adapterStep the step whose adapter is the result, which is not the last where the best one was kept; null for
     *     jobs of earlier versions
     */
    public record Metrics(
            int steps,
            double trainLossFirst,
            double trainLossLast,
            double trainingSeconds,
            double tokensPerSecond,
            long trainedTokens,
            @Nullable Double exactMatchBase,
            @Nullable Double exactMatchFinetuned,
            @Nullable Double testLossBase,
            @Nullable Double testLossFinetuned,
            @Nullable Integer testExamples,
            @Nullable Integer adapterStep) {}

    /**
     * Routing balance over the whole run; null for a kind without a router.
     *
     * @param effectiveLorasAppliedMin lowest of any input, site and step
     * @param distinctSubsetsMean mean over sites and steps
     * @param sites balance of the last step
     */
    public record RoutingSummary(
            double effectiveLorasAppliedMin,
            double effectiveLorasAppliedMax,
            double distinctSubsetsMean,
            Outcome.@Nullable ForcedRouting forcedRouting,
            List<SiteBalance> sites) {
        public RoutingSummary {
            sites = List.copyOf(sites);
        }
    }

    /** One routed site in one step; see {@code docs/method.md}, "Routing balance". */
    public record SiteBalance(
            String site,
            double appliedEffectiveLorasMin,
            double appliedEffectiveLorasMax,
            double policyEffectiveLoras,
            double policyEntropy,
            List<Double> load,
            int distinctSubsets,
            double subsetPerplexity,
            @JsonProperty("top_k_mass") double topKMass) {
        public SiteBalance {
            load = List.copyOf(load);
        }
    }

    /** From what the worker reported, the files it uploaded and the balance it recorded. */
    public static JobResult of(Outcome.Result result, List<AdapterFile> adapter, @Nullable RoutingSummary routing) {
        Outcome.Evaluation before = result.before();
        Outcome.Evaluation after = result.after();
        Metrics metrics = new Metrics(
                result.steps(),
                result.lossFirst(),
                result.lossLast(),
                result.trainingSeconds(),
                result.tokensPerSecond(),
                result.trainedTokens(),
                before == null ? null : before.exactMatch(),
                after == null ? null : after.exactMatch(),
                before == null ? null : before.loss(),
                after == null ? null : after.loss(),
                after == null ? null : Integer.valueOf(after.examples()),
                result.adapterStep());
        return new JobResult(adapter, metrics, result.samples(), routing);
    }
}
