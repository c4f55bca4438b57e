package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor as it lies in a mapped file: its numbers take memory only once they are asked for, and are gone when the file is
 * closed.
 *
 * @param file where it lies, for messages
 * @param bytes row-major, little-endian, not necessarily aligned
 */
public record StoredTensor(String file, String name, NumberFormat format, List<Long> shape, MemorySegment bytes) {
    public StoredTensor {
        shape = List.copyOf(shape);
    }

    public long size() {
        return bytes.byteSize() / format.bytes();
    }

    /** Its numbers as float32, whatever format they are held in. */
    public Weight values() {
        if (size() > Integer.MAX_VALUE - 8) {
            throw new EngineException(
                    Kind.INVALID_SPEC,
                    "%s: tensor %s has %,d values, more than the 2^31 that can be held at once."
                            .formatted(file, name, size()));
        }
        float[] values = new float[(int) size()];
        format.read(bytes, values);
        return new Weight(name, shape, values);
    }

    /** Refuses a weight with a number in it that no training could come back from. */
    public StoredTensor requireFinite() {
        long broken = format.notFinite(bytes);
        if (broken > 0) {
            throw new EngineException(
                    Kind.STORAGE,
                    "%s is damaged: %,d of the %,d values of tensor %s are NaN or infinite; get the file again."
                            .formatted(file, broken, size(), name));
        }
        return this;
    }
}
