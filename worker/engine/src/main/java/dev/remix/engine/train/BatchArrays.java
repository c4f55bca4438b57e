package dev.remix.engine.train;

import ai.djl.ndarray.NDManager;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;

/** A batch on the device, as {@code torchscript/batch.py} takes it. */
final class BatchArrays {
    private BatchArrays() {}

    /** Binds {@code tokens, labels, positions, example, weights, prompt, rows, groups}, in that order. */
    static ScriptCall bind(ScriptCall call, Batch batch, NDManager scope) {
        return call.with("tokens", scope.create(batch.tokens()))
                .with("labels", scope.create(batch.labels()))
                .with("positions", scope.create(batch.places()))
                .with("example", scope.create(batch.exampleIndices()))
                .with("weights", scope.create(batch.weights()))
                .with("prompt", scope.create(batch.promptShares()))
                .with("rows", scope.create(batch.rows()))
                .with("groups", HostArrays.of(scope, batch.groups()));
    }
}
