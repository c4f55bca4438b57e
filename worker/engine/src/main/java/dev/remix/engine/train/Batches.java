package dev.remix.engine.train;

import dev.remix.engine.text.Batch;

/**
 * What a run trains on: a function of the step, so that a resumed run sees what it would have seen. Files are one source;
 * data made on the fly is another.
 */
public interface Batches {
    /** Steps after which an epoch is over. */
    int stepsPerEpoch();

    /** The batch of a step, counted from 1 over the whole run. */
    Batch at(int step);
}
