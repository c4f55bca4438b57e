package dev.remix.engine.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.device.Compute;
import java.util.List;

/**
 * Moves arrays into memory of the engine's own. An array made from Java's memory lies wherever Java put it; the alignment
 * that results repeat bit for bit by, and in-place updates, want the engine's.
 */
public final class TensorCopies implements AutoCloseable {
    private final Script script;

    public TensorCopies(Compute compute) {
        this.script = Script.load(compute, "tensors");
    }

    public NDArray copy(NDArray array, NDManager owner) {
        return script.call("copy").with("tensors", List.of(array)).run(owner).singletonOrThrow();
    }

    /** What bfloat16 keeps of an array. The result is a handle only: Java must not read it. */
    public NDArray bfloat16(NDArray array, NDManager owner) {
        return script.call("bfloat16")
                .with("tensors", List.of(array))
                .run(owner)
                .singletonOrThrow();
    }

    @Override
    public void close() {
        script.close();
    }
}
