package dev.remix.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** How a safetensors file holds a number; all of them are little-endian, and all are read as float32. */
public enum NumberFormat {
    F32(4) {
        @Override
        void read(MemorySegment data, float[] values) {
            MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
        }

        @Override
        void write(float[] values, int from, int count, MemorySegment data) {
            MemorySegment.copy(values, from, data, FLOAT, 0, count);
        }

        @Override
        long notFinite(MemorySegment data) {
            long count = 0;
            int[] bits = new int[CHUNK];
            for (long at = 0; at < data.byteSize(); at += 4L * CHUNK) {
                int length = (int) Math.min(CHUNK, (data.byteSize() - at) / 4);
                MemorySegment.copy(data, INT, at, bits, 0, length);
                for (int i = 0; i < length; i++) {
                    count += (bits[i] & 0x7f800000) == 0x7f800000 ? 1 : 0;
                }
            }
            return count;
        }
    },
    F16(2) {
        @Override
        void read(MemorySegment data, float[] values) {
            inChunks(data, (bits, length, at) -> {
                for (int i = 0; i < length; i++) {
                    values[at + i] = Float.float16ToFloat(bits[i]);
                }
            });
        }

        @Override
        void write(float[] values, int from, int count, MemorySegment data) {
            for (int i = 0; i < count; i++) {
                data.set(SHORT, 2L * i, Float.floatToFloat16(values[from + i]));
            }
        }

        @Override
        long notFinite(MemorySegment data) {
            return exponentsAllOnes(data, 0x7c00);
        }
    },
    BF16(2) {
        @Override
        void read(MemorySegment data, float[] values) {
            inChunks(data, (bits, length, at) -> {
                for (int i = 0; i < length; i++) {
                    values[at + i] = Float.intBitsToFloat(bits[i] << 16);
                }
            });
        }

        @Override
        void write(float[] values, int from, int count, MemorySegment data) {
            for (int i = 0; i < count; i++) {
                data.set(SHORT, 2L * i, toBfloat16(values[from + i]));
            }
        }

        @Override
        long notFinite(MemorySegment data) {
            return exponentsAllOnes(data, 0x7f80);
        }
    };

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Loops over small arrays are compiled to vector instructions, loops over a mapped file are not. */
    private static final int CHUNK = 1 << 13;

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

    public int bytes() {
        return bytes;
    }

    /** Fills {@code values} from the start of the data. */
    abstract void read(MemorySegment data, float[] values);

    /** Puts {@code count} values at the start of the data. */
    abstract void write(float[] values, int from, int count, MemorySegment data);

    /** How many of the numbers are NaN or infinite. */
    abstract long notFinite(MemorySegment data);

    /** Some of a tensor's numbers, the first of which is the tensor's {@code at}-th. */
    @FunctionalInterface
    private interface Chunk {
        void accept(short[] bits, int length, int at);
    }

    private static void inChunks(MemorySegment data, Chunk chunk) {
        short[] bits = new short[CHUNK];
        for (long at = 0; at < data.byteSize() / 2; at += CHUNK) {
            int length = (int) Math.min(CHUNK, data.byteSize() / 2 - at);
            MemorySegment.copy(data, SHORT, 2 * at, bits, 0, length);
            chunk.accept(bits, length, (int) at);
        }
    }

    private static long exponentsAllOnes(MemorySegment data, int exponent) {
        long[] count = new long[1];
        inChunks(data, (bits, length, at) -> count[0] += exponentsAllOnes(bits, length, exponent));
        return count[0];
    }

    private static int exponentsAllOnes(short[] bits, int length, int exponent) {
        int count = 0;
        for (int i = 0; i < length; i++) {
            count += (bits[i] & exponent) == exponent ? 1 : 0;
        }
        return count;
    }

    /** Rounded to the nearest, ties to even; a NaN stays one, which rounding its bits could carry over to infinity. */
    private static short toBfloat16(float value) {
        if (Float.isNaN(value)) {
            return (short) 0x7fc0;
        }
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
