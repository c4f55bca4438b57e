package dev.remix.engine.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Draws without replacement by their definition: plain products of shares of what is left of 1. */
public final class OrderedDraws {
    private OrderedDraws() {}

    /** All ordered selections of K of N. */
    public static List<int[]> all(int loras, int active) {
        List<int[]> selections = List.of(new int[0]);
        for (int j = 0; j < active; j++) {
            selections = selections.stream()
                    .flatMap(selection -> longer(selection, loras).stream())
                    .toList();
        }
        return selections;
    }

    private static List<int[]> longer(int[] selection, int loras) {
        List<int[]> longer = new ArrayList<>();
        for (int lora = 0; lora < loras; lora++) {
            if (!contains(selection, lora)) {
                int[] next = Arrays.copyOf(selection, selection.length + 1);
                next[selection.length] = lora;
                longer.add(next);
            }
        }
        return longer;
    }

    private static boolean contains(int[] selection, int lora) {
        return Arrays.stream(selection).anyMatch(taken -> taken == lora);
    }

    public static double probability(double[] q, int[] selection) {
        double probability = 1;
        double left = 1;
        for (int lora : selection) {
            probability *= q[lora] / left;
            left -= q[lora];
        }
        return probability;
    }

    /** What log of that probability changes by with each logit: q is the logits' softmax. */
    static double[] score(double[] q, int[] selection) {
        double[] score = new double[q.length];
        boolean[] taken = new boolean[q.length];
        double left = 1;
        for (int lora : selection) {
            for (int other = 0; other < q.length; other++) {
                score[other] -= taken[other] ? 0 : q[other] / left;
            }
            score[lora]++;
            taken[lora] = true;
            left -= q[lora];
        }
        return score;
    }

    /** All unordered ones, each in ascending order. */
    public static List<int[]> sets(int loras, int active) {
        return all(loras, active).stream()
                .filter(selection -> Arrays.equals(
                        selection, Arrays.stream(selection).sorted().toArray()))
                .toList();
    }

    /** Of drawing these LoRAs in any order. */
    public static double probabilityOfSet(double[] q, int[] set) {
        return all(set.length, set.length).stream()
                .map(order -> Arrays.stream(order).map(place -> set[place]).toArray())
                .mapToDouble(selection -> probability(q, selection))
                .sum();
    }

    public static double[] softmax(double[] logits) {
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        return Arrays.stream(logits).map(logit -> Math.exp(logit) / sum).toArray();
    }
}
