package dev.remix.engine.train;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One optimizer step.
 *
 * @param step from 1
 * @param loss mean over draws and supervised tokens, nats
 * @param adapterGradientNorm global norm before clipping
 * @param routerGradientNorm null without a router
 * @param tokens real (not padding) tokens, each counted once, not once a draw
 * @param seconds wall time of this step
 * @param draws spread of the M losses, null without a router
 * @param sites routing balance of each routed site, empty without a router
 */
public record StepReport(
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
        List<SiteBalance> sites) {
    public StepReport {
        sites = List.copyOf(sites);
    }

    /** Means over the step's examples: mean and standard deviation of the M losses, deviation of the advantages. */
    public record Draws(double lossMean, double lossStddev, double advantageStddev) {}

    /**
     * Routing balance of one site over the step's selections (docs/method.md, "Routing balance").
     *
     * @param site {@code layers.<n>.mlp}
     * @param appliedEffectiveLorasMin effective LoRAs of the applied weights, lowest over the inputs
     * @param appliedEffectiveLorasMax the same, highest over the inputs
     * @param policyEffectiveLoras effective LoRAs of the policy, mean over the inputs
     * @param policyEntropy nats, mean over the inputs
     * @param load share of the selections that went to each of the N LoRAs, sums to 1
     * @param distinctSubsets number of different subsets selected
     * @param subsetPerplexity exp of the entropy of the selected subsets' distribution
     * @param topKMass the policy's probability of its top-K set, mean over the inputs
     */
    public record SiteBalance(
            String site,
            double appliedEffectiveLorasMin,
            double appliedEffectiveLorasMax,
            double policyEffectiveLoras,
            double policyEntropy,
            List<Double> load,
            int distinctSubsets,
            double subsetPerplexity,
            double topKMass) {
        public SiteBalance {
            load = List.copyOf(load);
        }
    }
}
