package dev.remix.bench.engine;

import dev.remix.bench.work.Workload;
import dev.remix.bench.work.Workload.Item;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.Batches;
import java.util.Arrays;
import java.util.List;

/** A workload as the engine takes it, over and over. */
final class WorkloadBatches implements Batches {
    private final List<List<Item>> items;
    private final List<Batch> batches;

    WorkloadBatches(Workload workload) {
        this.items = workload.grouped().stream()
                .map(batch -> batch.stream().map(workload.examples()::get).toList())
                .toList();
        this.batches = items.stream()
                .map(batch ->
                        new Batch(batch.stream().map(WorkloadBatches::example).toList()))
                .toList();
    }

    private static Example example(Item item) {
        int[] tokens = item.tokens().stream().mapToInt(Integer::intValue).toArray();
        float[] weights = new float[tokens.length];
        Arrays.fill(weights, item.prompt(), tokens.length, 1);
        return new Example(tokens, weights, item.prompt());
    }

    /** More than anybody waits for. */
    @Override
    public int stepsPerEpoch() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Batch at(int step) {
        return batches.get(position(step));
    }

    int tokens(int step) {
        return items.get(position(step)).stream().mapToInt(Item::length).sum();
    }

    int learnt(int step) {
        return items.get(position(step)).stream().mapToInt(Item::learnt).sum();
    }

    int longest() {
        return items.stream().flatMap(List::stream).mapToInt(Item::length).max().orElseThrow();
    }

    int batchSize() {
        return items.getFirst().size();
    }

    private int position(int step) {
        return (step - 1) % batches.size();
    }
}
