package dev.remix.engine.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * How often each subset was selected at one site over a window of inputs (docs/method.md, "Routing balance").
 *
 * @param pool N, the LoRAs that could have been selected
 * @param counts only what was selected at all; every subset has the same size K. Sorted, so that sums over it repeat exactly
 */
public record Subsets(int pool, SortedMap<Subset, Long> counts) {
    public Subsets {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("A window without a selection has no balance.");
        }
        if (counts.keySet().stream().mapToInt(Subset::size).distinct().count() != 1) {
            throw new IllegalArgumentException("Subsets of one site have one size: " + counts.keySet());
        }
        for (Map.Entry<Subset, Long> entry : counts.entrySet()) {
            if (entry.getKey().loras().getLast() >= pool || entry.getValue() < 1) {
                throw new IllegalArgumentException("Not a count over a pool of " + pool + ": " + entry);
            }
        }
    }

    /**
     * Every site's subsets out of the table that the script {@code policy.subsets} gives.
     *
     * @param table rows of (site, K members ascending, count), {@code [U, K+2]} flattened
     */
    public static List<Subsets> perSite(int sites, int pool, int active, long[] table) {
        List<SortedMap<Subset, Long>> counts = new ArrayList<>();
        for (int site = 0; site < sites; site++) {
            counts.add(new TreeMap<>());
        }
        int width = active + 2;
        for (int row = 0; row < table.length; row += width) {
            List<Integer> members = new ArrayList<>();
            for (int j = 1; j <= active; j++) {
                members.add(Math.toIntExact(table[row + j]));
            }
            counts.get(Math.toIntExact(table[row])).merge(new Subset(members), table[row + active + 1], Long::sum);
        }
        return counts.stream().map(of -> new Subsets(pool, of)).toList();
    }

    /** Both windows together. */
    public Subsets and(Subsets other) {
        if (pool != other.pool) {
            throw new IllegalArgumentException("Windows over pools of " + pool + " and " + other.pool);
        }
        SortedMap<Subset, Long> sum = new TreeMap<>(counts);
        other.counts.forEach((subset, count) -> sum.merge(subset, count, Long::sum));
        return new Subsets(pool, sum);
    }

    /** Share of the selections that went to each LoRA; sums to 1, and no share exceeds 1/K. */
    public List<Double> load() {
        long[] times = new long[pool];
        counts.forEach((subset, count) -> subset.loras().forEach(lora -> times[lora] += count));
        double all = LongStream.of(times).sum();
        return LongStream.of(times).mapToObj(n -> n / all).toList();
    }

    public int distinct() {
        return counts.size();
    }

    /** Exp of the entropy of the subsets' distribution: the number of equally frequent subsets that would vary as much. */
    public double perplexity() {
        double entropy = counts.values().stream()
                .mapToDouble(count -> -share(count) * Math.log(share(count)))
                .sum();
        return Math.exp(entropy);
    }

    /** The most frequent subset; of equals the lexicographically first. */
    public Subset modal() {
        long most = Collections.max(counts.values());
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private double share(long count) {
        return (double) count / selections();
    }

    private long selections() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
