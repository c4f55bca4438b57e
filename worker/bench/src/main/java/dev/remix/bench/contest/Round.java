package dev.remix.bench.contest;

import dev.remix.bench.work.Task.Precision;
import java.util.Map;

/**
 * One block of each contestant, one after the other, and the machine's bound measured among them.
 *
 * @param blocks by the entrant's name
 * @param peak of the machine's best matrix product
 */
public record Round(Map<String, Block> blocks, Map<Precision, Peak> peak) {
    public Round {
        blocks = Map.copyOf(blocks);
        peak = Map.copyOf(peak);
    }

    public Block of(Entrant entrant) {
        Block block = blocks.get(entrant.name());
        if (block == null) {
            throw new IllegalArgumentException(entrant.name() + " did not take part");
        }
        return block;
    }

    /** Measured for every precision that takes part. */
    public Peak peak(Precision precision) {
        Peak measured = peak.get(precision);
        if (measured == null) {
            throw new IllegalArgumentException("no peak was measured in " + precision);
        }
        return measured;
    }
}
