package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunSpec.Execution;
import dev.remix.engine.train.RunSpec.Options;
import dev.remix.engine.train.RunSpec.Precision;
import dev.remix.engine.train.RunSpec.Schedule;
import dev.remix.engine.train.RunSpec.Stopping;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** The tiny decoder in float64 with an adapter that is far from its initial values, as a {@link Replica}. */
final class Float64Model {
    static final long SEED = 5;
    static final Batch BATCH = new Batch(TinyModel.examples(5, 11));

    private Float64Model() {}

    static RunSpec spec(AdapterSpec adapter, Execution execution) {
        Options options = new Options(
                1,
                null,
                5,
                1e-3,
                Schedule.CONSTANT,
                0,
                0.1,
                1e9,
                64,
                Precision.F32,
                1,
                1,
                1,
                execution,
                Stopping.NEVER);
        return new RunSpec(Path.of("none"), Path.of("none"), null, null, SEED, adapter, options);
    }

    static Replica replica(RunSpec spec) {
        Compute compute = Compute.cpu();
        Decoder decoder = TinyModel.float64(compute);
        return new Replica(compute, decoder, adapter(compute, decoder, spec.adapter()), spec);
    }

    /** All of it away from zero, or B would hide A's gradient. */
    private static Adapter adapter(Compute compute, Decoder decoder, AdapterSpec spec) {
        if (spec instanceof AdapterSpec.FullParameters) {
            return Adapter.none(compute, decoder);
        }
        SplittableRandom random = new SplittableRandom(6);
        try (Adapter start = Adapter.initialise(compute, decoder, spec, 2)) {
            NDManager owner = compute.scope();
            List<NDArray> factors = TinyModel.widened(start.factors(), owner, 1);
            factors.forEach(factor -> add(factor, random));
            List<NDArray> routers = TinyModel.widened(start.routers(), owner, 20);
            return new Adapter(compute, spec, decoder, owner, factors, routers);
        }
    }

    private static void add(NDArray array, SplittableRandom random) {
        double[] values = array.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] += 0.3 * (2 * random.nextDouble() - 1);
        }
        array.set(DoubleBuffer.wrap(values));
    }
}
