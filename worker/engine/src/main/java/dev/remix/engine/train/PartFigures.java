package dev.remix.engine.train;

import ai.djl.ndarray.NDList;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.routing.SiteFigures;
import dev.remix.engine.routing.Subsets;
import dev.remix.engine.text.Batch;
import java.util.Arrays;
import java.util.List;

/**
 * What a call on a batch, or on a part of one, told beside gradients.
 *
 * @param losses sums of weighted nats, [M, B] row by row
 * @param weights of each example's targets, [B]
 * @param inputs that each site selected for, draws counted apart
 * @param sites balance figures, empty without routers
 * @param subsets what each site selected, empty without routers
 */
@SuppressWarnings("ArrayRecordComponent")
record PartFigures(double[] losses, double[] weights, long inputs, List<SiteFigures> sites, List<Subsets> subsets) {

    static PartFigures of(Batch batch, Adapter adapter, NDList results) {
        double[] losses = results.get(0).toDoubleArray();
        double[] weights = batch.examples().stream()
                .mapToDouble(example -> new Batch(List.of(example)).weight())
                .toArray();
        int sites = adapter.sites().size();
        if (sites == 0) {
            return new PartFigures(losses, weights, 0, List.of(), List.of());
        }
        long draws = losses.length / weights.length;
        return new PartFigures(
                losses,
                weights,
                draws * (adapter.selectsByExample() ? batch.size() : batch.positions()),
                SiteFigures.perSite(results.get(1).toDoubleArray()),
                Subsets.perSite(
                        sites, adapter.loras(), adapter.active(), results.get(2).toLongArray()));
    }

    /** M. */
    int draws() {
        return losses.length / weights.length;
    }

    /** Sum over the examples, mean over the draws. */
    double loss() {
        return Arrays.stream(losses).sum() / draws();
    }
}
