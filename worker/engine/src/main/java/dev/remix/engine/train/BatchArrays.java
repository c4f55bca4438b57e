package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;

/**
 * A batch on the device.
 *
 * @param tokens [B, T+1] int64, padded on the right
 * @param targets [B, T+1] 0/1, the tokens that are learnt
 */
record BatchArrays(NDArray tokens, NDArray targets) {
    static BatchArrays of(Batch batch, NDManager scope) {
        Shape shape = new Shape(batch.size(), batch.width());
        return new BatchArrays(scope.create(batch.tokens(), shape), scope.create(batch.weights(), shape));
    }

    /** Binds {@code tokens, targets}, in that order. */
    ScriptCall bind(ScriptCall call) {
        return call.with("tokens", tokens).with("targets", targets);
    }
}
