package dev.remix.engine.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The order in which an epoch's examples are trained on: a function of lengths, batch size, seed and epoch alone, so that a
 * resumed run goes on with the batches it would have had.
 *
 * <p>Examples are shuffled, then sorted by length within windows of a few batches: neighbours in length share a batch, which
 * saves padding, but a batch still mixes the data, since a window is a random part of it.
 */
public final class BatchOrder {
    /** Batches in a window. One would save no padding; the whole epoch would make every batch of one length only. */
    private static final int WINDOW = 8;

    private final int[] lengths;
    private final int batchSize;
    private final long seed;

    public BatchOrder(List<Example> examples, int batchSize, long seed) {
        this.lengths = examples.stream().mapToInt(Example::length).toArray();
        this.batchSize = batchSize;
        this.seed = seed;
    }

    /** Batches of an epoch; the last one may be smaller. */
    public int batchesPerEpoch() {
        return Math.ceilDiv(lengths.length, batchSize);
    }

    /** Indices of the examples of each batch of this epoch, from 0. */
    public List<List<Integer>> epoch(int epoch) {
        // java.util.Random, whose sequence is part of its contract and so survives a new JDK.
        Random random = new Random(seed * 1_000_003L + epoch);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList());
        Collections.shuffle(order, random);
        List<List<Integer>> batches = new ArrayList<>();
        int window = WINDOW * batchSize;
        for (int from = 0; from < order.size(); from += window) {
            batches.addAll(bucketed(order.subList(from, Math.min(from + window, order.size()))));
        }
        Collections.shuffle(batches, random);
        return batches;
    }

    private List<List<Integer>> bucketed(List<Integer> window) {
        List<Integer> sorted =
                window.stream().sorted(Comparator.comparingInt(i -> lengths[i])).toList();
        List<List<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += batchSize) {
            batches.add(List.copyOf(sorted.subList(from, Math.min(from + batchSize, sorted.size()))));
        }
        return batches;
    }
}
