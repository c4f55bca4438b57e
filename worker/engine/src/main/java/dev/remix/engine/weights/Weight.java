package dev.remix.engine.weights;

import java.util.List;

/**
 * A named array of float32 values in row-major order.
 *
 * <p>The values are shared, not copied: there may be a billion of them.
 */
@SuppressWarnings("ArrayRecordComponent")
public record Weight(String name, List<Long> shape, float[] values) {
    public Weight {
        shape = List.copyOf(shape);
        long size = shape.stream().reduce(1L, Math::multiplyExact);
        if (size != values.length) {
            throw new IllegalArgumentException(name + " of shape " + shape + " has " + values.length + " values.");
        }
    }
}
