package dev.remix.engine.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * The balance figures of one site that the script {@code policy.figures} reduces from the step's tensors.
 *
 * @param appliedEffectiveLorasMin effective LoRAs of the gate weights as they were applied, lowest over the inputs
 * @param appliedEffectiveLorasMax the same, highest over the inputs
 * @param policyEffectiveLoras effective LoRAs of the policy, mean over the inputs
 * @param policyEntropy nats, mean over the inputs
 * @param topKMass probability of drawing the top-K set in any order, mean over the inputs
 */
public record SiteFigures(
        double appliedEffectiveLorasMin,
        double appliedEffectiveLorasMax,
        double policyEffectiveLoras,
        double policyEntropy,
        double topKMass) {
    private static final int FIGURES = 5;

    /** @param table {@code [L, 5]} flattened, in the order of the components */
    public static List<SiteFigures> perSite(double[] table) {
        if (table.length % FIGURES != 0) {
            throw new IllegalArgumentException("Not rows of " + FIGURES + " figures: " + table.length + " values");
        }
        List<SiteFigures> sites = new ArrayList<>();
        for (int row = 0; row < table.length; row += FIGURES) {
            sites.add(new SiteFigures(table[row], table[row + 1], table[row + 2], table[row + 3], table[row + 4]));
        }
        return List.copyOf(sites);
    }
}
