package dev.remix.engine.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.device.Compute;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.StoredTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Places tensors of a mapped file on a device. The engine takes them from the file itself: no copy of them is ever made in
 * Java's memory, so loading a model needs no more room than the model.
 */
public final class StoredCopies implements AutoCloseable {
    /** Bytes; a buffer of Java's ends at 2 GiB, and embeddings can be larger. */
    private static final long BLOCK = 1 << 30;

    private final Compute compute;
    private final Script script;
    private final long block;

    public StoredCopies(Compute compute) {
        this(compute, BLOCK);
    }

    /** @param block bytes that are handed over at once, a multiple of every format's */
    StoredCopies(Compute compute, long block) {
        this.compute = compute;
        this.script = Script.load(compute, "stored");
        this.block = block;
    }

    /** The tensor in the wanted format; one in F16 or BF16 is a handle only, which Java must not read. */
    public NDArray copy(StoredTensor tensor, NumberFormat wanted, NDManager owner) {
        if (tensor.size() == 0) {
            throw new IllegalArgumentException(tensor.name() + " has no values to place.");
        }
        try (NDManager temporary = compute.scope()) {
            return script.call("array")
                    .with("blocks", blocks(tensor, temporary))
                    .with("plan", temporary.create(plan(tensor, wanted)))
                    .infer(owner)
                    .singletonOrThrow();
        }
    }

    /** As bytes, for of the engine's types Java can't name them all. */
    private List<NDArray> blocks(StoredTensor tensor, NDManager temporary) {
        List<NDArray> blocks = new ArrayList<>();
        long end = tensor.bytes().byteSize();
        for (long from = 0; from < end; from += block) {
            long length = Math.min(block, end - from);
            ByteBuffer buffer = tensor.bytes().asSlice(from, length).asByteBuffer();
            blocks.add(temporary.create(buffer, new Shape(length), DataType.UINT8));
        }
        return blocks;
    }

    private static long[] plan(StoredTensor tensor, NumberFormat wanted) {
        LongStream types = LongStream.of(type(tensor.format()), type(wanted));
        return LongStream.concat(types, tensor.shape().stream().mapToLong(Long::longValue))
                .toArray();
    }

    /** The number by which scripts call a type. */
    private static long type(NumberFormat format) {
        return switch (format) {
            case F16 -> 5;
            case F32 -> 6;
            case BF16 -> 15;
        };
    }

    @Override
    public void close() {
        script.close();
    }
}
