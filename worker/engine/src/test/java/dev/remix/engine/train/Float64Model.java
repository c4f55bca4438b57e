package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.routing.GumbelNoise;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/** The tiny decoder and its adapters in float64, with nothing at zero, and a batch to differentiate on. */
final class Float64Model implements AutoCloseable {
    static final int DRAWS = 3;
    static final long NOISE_SEED = 3;
    private static final int POOL = 5;

    final Compute compute = Compute.cpu();
    final NDManager scope = compute.scope();
    final Decoder decoder = TinyModel.float64(compute);
    final Batch batch = new Batch(TinyModel.examples(5, 11));
    private final BatchArrays arrays = BatchArrays.of(batch, scope);
    private final SplittableRandom random = new SplittableRandom(6);

    static AdapterSpec.Remix mixture(Routing routing) {
        return new AdapterSpec.Remix(POOL, 2, 2, DRAWS, 4, Scaling.RSLORA, routing, EnumSet.allOf(Target.class), 1);
    }

    static AdapterSpec.Lora lora(EnumSet<Target> targets) {
        return new AdapterSpec.Lora(3, 4, Scaling.LORA, targets);
    }

    /** All of it away from zero, or B would hide A's gradient. */
    Adapter adapter(AdapterSpec spec) {
        try (Adapter start = Adapter.initialise(compute, TinyModel.CONFIG, spec, 2)) {
            NDManager owner = compute.scope();
            List<NDArray> factors = TinyModel.widened(start.factors(), owner, 1);
            factors.forEach(factor -> fill(factor, 0.3));
            List<NDArray> routers = TinyModel.widened(start.routers(), owner, 20);
            return new Adapter(spec, TinyModel.CONFIG, owner, factors, routers);
        }
    }

    private void fill(NDArray array, double deviation) {
        array.set(DoubleBuffer.wrap(
                random.doubles(array.size()).map(u -> deviation * (2 * u - 1)).toArray()));
    }

    ScriptCall call(Script script, String method) {
        return decoder.bind(arrays.bind(script.call(method)));
    }

    ScriptCall mixtureCall(Script script, String method, Adapter adapter, Routing routing) {
        Shape shape = routing == Routing.SEQUENCE
                ? new Shape(DRAWS, TinyModel.CONFIG.layers(), batch.size(), POOL)
                : new Shape(DRAWS, TinyModel.CONFIG.layers(), batch.size(), batch.width() - 1, POOL);
        float[] noise = new GumbelNoise(NOISE_SEED).ofStep(1, DRAWS, (int) (shape.size() / DRAWS));
        long[] prompts = Arrays.stream(batch.promptLengths()).asLongStream().toArray();
        return adapter.bind(call(script, method))
                .with("prompts", scope.create(prompts))
                .with("noise", scope.create(noise, shape));
    }

    @Override
    public void close() {
        decoder.close();
        scope.close();
        compute.close();
    }
}
