package dev.remix.bench.pieces;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.device.Compute;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What native benches share: a device, the scripts of {@code torchscript/pieces.py}, and arrays that live as long. */
final class Pieces implements AutoCloseable {
    private final Random random = new Random(1);
    private final Compute compute = Compute.cpu();
    private final NDManager arrays = compute.scope();
    private final Script script = Script.load(compute, "pieces");

    ScriptCall call(String method) {
        return script.call(method);
    }

    /** Normal numbers, float32. */
    NDArray normal(long... shape) {
        float[] values = new float[Math.toIntExact(new Shape(shape).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return arrays.create(values, new Shape(shape));
    }

    /** Whole numbers below a bound, int64. */
    NDArray below(long bound, long... shape) {
        int size = Math.toIntExact(new Shape(shape).size());
        return arrays.create(random.longs(size, 0, bound).toArray(), new Shape(shape));
    }

    List<NDArray> normals(int count, long... shape) {
        return IntStream.range(0, count).mapToObj(i -> normal(shape)).toList();
    }

    List<NDArray> zeros(int count, long... shape) {
        return IntStream.range(0, count)
                .mapToObj(i -> arrays.zeros(new Shape(shape)))
                .toList();
    }

    /** A number that a script reads. */
    NDArray number(double value) {
        return arrays.create(value).toType(DataType.FLOAT64, false);
    }

    NDArray numbers(double... values) {
        return arrays.create(values);
    }

    /** Runs a call and frees what it gave; the call's arguments stay. */
    void run(ScriptCall call) {
        try (NDManager scope = compute.scope()) {
            call.run(scope);
        }
    }

    @Override
    public void close() {
        script.close();
        arrays.close();
        compute.close();
    }
}
