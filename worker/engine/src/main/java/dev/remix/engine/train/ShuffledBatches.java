package dev.remix.engine.train;

import dev.remix.engine.text.Batch;
import dev.remix.engine.text.BatchOrder;
import dev.remix.engine.text.Example;
import java.util.List;

/** A data set in memory, in a new order each epoch. */
final class ShuffledBatches implements Batches {
    private final List<Example> examples;
    private final BatchOrder order;
    private int epoch = -1;
    private List<List<Integer>> orderOfEpoch = List.of();

    ShuffledBatches(List<Example> examples, int batchSize, long seed) {
        this.examples = examples;
        this.order = new BatchOrder(examples, batchSize, seed);
    }

    @Override
    public int stepsPerEpoch() {
        return order.batchesPerEpoch();
    }

    @Override
    public Batch at(int step) {
        int wanted = (step - 1) / stepsPerEpoch();
        if (wanted != epoch) {
            orderOfEpoch = order.epoch(wanted);
            epoch = wanted;
        }
        List<Integer> batch = orderOfEpoch.get((step - 1) % stepsPerEpoch());
        return new Batch(batch.stream().map(examples::get).toList());
    }
}
