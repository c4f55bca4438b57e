package dev.remix.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code POST …/records} (NDJSON). {@code seq} counts from 1 within the attempt without gaps, so that a repeated
 * batch changes nothing and a missing one is noticed.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkerRecord.Step.class, name = "step"),
    @JsonSubTypes.Type(value = WorkerRecord.Evaluation.class, name = "evaluation"),
    @JsonSubTypes.Type(value = WorkerRecord.Note.class, name = "note")
})
public sealed interface WorkerRecord {
    long seq();

    /**
     * One optimizer step.
     *
     * @param step from 1
     * @param totalSteps of the whole run
     * @param epoch progress in epochs
     * @param loss mean training loss over draws and supervised tokens, nats
     * @param learningRate of the adapters in this step
     * @param adapterGradientNorm global norm before clipping
     * @param routerGradientNorm null without a router
     * @param tokens real (not padding) tokens of this step, counted once, not once a draw
     * @param seconds wall time of this step
     * @param draws spread of the M losses, null without a router
     * @param sites routing balance of each routed site, empty without a router
     */
    record Step(
            long seq,
            int step,
            int totalSteps,
            double epoch,
            double loss,
            double learningRate,
            double adapterGradientNorm,
            @Nullable Double routerGradientNorm,
            int tokens,
            double seconds,
            @Nullable Draws draws,
            List<Site> sites)
            implements WorkerRecord {
        public Step {
            sites = List.copyOf(sites);
        }
    }

    /** Mean over examples of mean and standard deviation of the M losses, and standard deviation of the advantages. */
    record Draws(double lossMean, double lossStddev, double advantageStddev) {}

    /**
     * Routing balance of one site over this step's selections (method.md, "What has to be measured on every run").
     *
     * @param site {@code layers.<n>.mlp} or {@code layers.<n>.self_attn}, and with a router for each projection
     *     {@code layers.<n>.mlp.gate_proj} and so on
     * @param appliedEffectiveLoras effective LoRAs of the applied weights, lowest over the inputs
     * @param appliedEffectiveLorasMax highest over the inputs
     * @param policyEffectiveLoras effective LoRAs of the policy, mean over inputs
     * @param policyEntropy nats, mean over inputs
     * @param load share of the selections that went to each LoRA, sums to 1
     * @param distinctSubsets number of different subsets selected
     * @param subsetPerplexity exp of the entropy of the selected subsets' distribution
     * @param topKMass policy's probability of its top-K set, mean over inputs
     */
    record Site(
            String site,
            double appliedEffectiveLoras,
            double appliedEffectiveLorasMax,
            double policyEffectiveLoras,
            double policyEntropy,
            List<Double> load,
            int distinctSubsets,
            double subsetPerplexity,
            @JsonProperty("top_k_mass") double topKMass) {
        public Site {
            load = List.copyOf(load);
        }
    }

    /**
     * An evaluation.
     *
     * @param split {@code validation} or {@code test}
     * @param loss nats a supervised token
     * @param exactMatch null where no answers were generated
     */
    record Evaluation(
            long seq,
            int step,
            String split,
            double loss,
            @Nullable Double exactMatch,
            int examples) implements WorkerRecord {}

    /** A sentence for the job's event list, {@code level} being {@code info} or {@code warn}. */
    record Note(long seq, int step, String level, String message) implements WorkerRecord {}
}
