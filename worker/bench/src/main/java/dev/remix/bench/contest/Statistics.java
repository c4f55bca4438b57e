package dev.remix.bench.contest;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * Of one figure over the rounds.
 *
 * @param spread of the middle half of the rounds, as a share of the median; of all of them where there are fewer than four
 */
public record Statistics(double median, double least, double greatest, double spread) {

    public static <T> Statistics of(Collection<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("there is no figure of no rounds");
        }
        int quarter = sorted.length / 4;
        double middle = median(sorted);
        double range = sorted[sorted.length - 1 - quarter] - sorted[quarter];
        return new Statistics(middle, sorted[0], sorted[sorted.length - 1], range / Math.abs(middle));
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[half]
                : Arrays.stream(sorted, half - 1, half + 1).sum() / 2;
    }
}
