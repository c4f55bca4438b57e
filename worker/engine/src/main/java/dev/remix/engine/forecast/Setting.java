package dev.remix.engine.forecast;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.weights.NumberFormat;

/**
 * What memory and operations of a step go by, beside its examples.
 *
 * @param matrices number format of the base's matrices and their products
 * @param recompute whether layers are computed again on the way back
 * @param storedBytes size of the files that the weights are read from, 0 where they are made
 * @param gpu whether the device is one: attention is then computed by other kernels
 * @param sharing replicas of the model that lie in the same memory
 */
public record Setting(
        DecoderConfig config,
        AdapterSpec adapter,
        NumberFormat matrices,
        boolean recompute,
        long storedBytes,
        boolean gpu,
        int sharing) {

    Setting withRecompute() {
        return new Setting(config, adapter, matrices, true, storedBytes, gpu, sharing);
    }

    /** Bytes of a number in the products. */
    int narrow() {
        return matrices == NumberFormat.BF16 ? 2 : 4;
    }

    boolean everything() {
        return adapter instanceof AdapterSpec.FullParameters;
    }
}
