package dev.remix.engine.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.remix.engine.device.Compute;
import dev.remix.engine.script.Script;
import java.util.List;

/** Norms of a matrix's rows, in float32 whatever its own format: where DoRA's magnitudes start, and what they are divided by. */
final class RowNorms {
    private RowNorms() {}

    /** Squared: [O] */
    static NDArray squared(Compute compute, NDArray matrix, NDManager owner) {
        try (Script script = Script.load(compute, "tensors")) {
            return script.call("row_squares")
                    .with("matrices", List.of(matrix))
                    .run(owner)
                    .singletonOrThrow();
        }
    }

    static float[] of(Compute compute, NDArray matrix) {
        try (NDManager scope = compute.scope()) {
            NDArray squares = squared(compute, matrix, scope);
            float[] values = squares.toType(DataType.FLOAT32, false).toFloatArray();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sqrt(values[i]);
            }
            return values;
        }
    }
}
