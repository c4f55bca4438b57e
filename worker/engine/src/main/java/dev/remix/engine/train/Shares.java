package dev.remix.engine.train;

import dev.remix.engine.text.Batch;
import java.util.ArrayList;
import java.util.List;

/** How a step's examples are cut: first into a share for each device, about equal in tokens, then into micro-batches. */
final class Shares {
    private Shares() {}

    /** At most one list of parts for each device; fewer where there are fewer examples. */
    static List<List<Batch>> of(Batch batch, int devices, int microBatchTokens) {
        return split(batch, devices).stream()
                .map(share -> share.parts(microBatchTokens))
                .toList();
    }

    private static List<Batch> split(Batch batch, int devices) {
        List<Batch> shares = new ArrayList<>();
        int count = Math.min(devices, batch.size());
        int from = 0;
        long tokens = 0;
        for (int b = 0; b < batch.size(); b++) {
            tokens += batch.examples().get(b).length();
            boolean last = b + 1 == batch.size();
            boolean full = tokens * count >= (long) batch.tokenCount() * (shares.size() + 1);
            boolean needed = batch.size() - b - 1 < count - shares.size();
            if (last || full || needed) {
                shares.add(new Batch(batch.examples().subList(from, b + 1), batch.offset() + from));
                from = b + 1;
            }
        }
        return shares;
    }
}
