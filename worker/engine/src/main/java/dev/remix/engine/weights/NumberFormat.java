package dev.remix.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** How a safetensors file holds a number; all of them are little-endian, and all are read as float32. */
public enum NumberFormat {
    F32(4) {
        @Override
        float read(MemorySegment data, long index) {
            return data.get(FLOAT, index * 4);
        }

        @Override
        void write(MemorySegment data, long index, float value) {
            data.set(FLOAT, index * 4, value);
        }
    },
    F16(2) {
        @Override
        float read(MemorySegment data, long index) {
            return Float.float16ToFloat(data.get(SHORT, index * 2));
        }

        @Override
        void write(MemorySegment data, long index, float value) {
            data.set(SHORT, index * 2, Float.floatToFloat16(value));
        }
    },
    BF16(2) {
        @Override
        float read(MemorySegment data, long index) {
            return Float.intBitsToFloat(data.get(SHORT, index * 2) << 16);
        }

        @Override
        void write(MemorySegment data, long index, float value) {
            data.set(SHORT, index * 2, toBfloat16(value));
        }
    };

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int bytes;

    NumberFormat(int bytes) {
        this.bytes = bytes;
    }

    static Optional<NumberFormat> named(String name) {
        for (NumberFormat format : values()) {
            if (format.name().equals(name)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    int bytes() {
        return bytes;
    }

    abstract float read(MemorySegment data, long index);

    abstract void write(MemorySegment data, long index, float value);

    /** Rounded to the nearest, ties to even; a NaN stays one, which rounding its bits could carry over to infinity. */
    private static short toBfloat16(float value) {
        if (Float.isNaN(value)) {
            return (short) 0x7fc0;
        }
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
