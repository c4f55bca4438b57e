package dev.remix.service.telemetry;

import java.util.List;

/**
 * How evenly the selections of one site went to its LoRAs.
 *
 * @param maxRatio largest over mean load: 1 when even, N when one LoRA got all
 * @param variation coefficient of variation, standard deviation over mean
 * @param dead LoRAs that no selection went to
 */
public record LoadBalance(double maxRatio, double variation, int dead) {

    public static LoadBalance of(List<Double> load) {
        double mean = 1.0 / load.size();
        double max = load.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double variance = load.stream()
                .mapToDouble(share -> (share - mean) * (share - mean))
                .average()
                .orElse(0);
        int dead = (int) load.stream().filter(share -> share == 0).count();
        return new LoadBalance(max / mean, Math.sqrt(variance) / mean, dead);
    }
}
