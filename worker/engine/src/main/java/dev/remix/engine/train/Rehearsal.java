package dev.remix.engine.train;

import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.forecast.Forecast;
import dev.remix.engine.text.Batch;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * The pace of a machine for one run: steps of the run itself with one layer and with two, in the run's precision, shapes and
 * options. The difference is a layer, memory-bound operations and all; what a step has beside its layers is in both.
 *
 * <pre>  seconds(L) = seconds(1) + (L - 1) (seconds(2) - seconds(1))</pre>
 */
final class Rehearsal {
    /** Floating-point operations of the longest rehearsed step, a fraction of a second on two cores. */
    private static final double MOST_OPERATIONS = 4e10;

    /** Fewer tokens would not multiply as fast as a run's. */
    private static final int FEWEST_TOKENS = 256;

    private static final int WARM_UP = 2;

    /** Of which the median counts. */
    private static final int REPETITIONS = 3;

    private final RunSpec spec;
    private final DecoderConfig config;
    private final LongSupplier nanoseconds;

    Rehearsal(RunSpec spec, DecoderConfig config, LongSupplier nanoseconds) {
        this.spec = spec;
        this.config = config;
        this.nanoseconds = nanoseconds;
    }

    /** Operations of a whole step in a second, as {@link Forecast#operations} counts them. */
    double operationsPerSecond(Batch typical) {
        Batch batch = affordable(typical);
        double one = seconds(1, batch);
        double more = config.layers() == 1 ? 0 : Math.max(0, seconds(2, batch) - one);
        return operations(config, batch) / (one + (config.layers() - 1) * more);
    }

    private Batch affordable(Batch typical) {
        double operations = operations(shallow(2), typical);
        double share = Math.min(1, MOST_OPERATIONS / operations);
        int tokens = Math.max(FEWEST_TOKENS, (int) (share * typical.tokenCount()));
        return typical.parts(tokens).getLast();
    }

    private double operations(DecoderConfig shape, Batch batch) {
        return Forecast.operations(Forecasts.setting(spec, shape), Forecasts.step(spec, shape, batch));
    }

    private double seconds(int layers, Batch batch) {
        Compute compute = Compute.choose();
        Decoder decoder = Decoder.zeros(compute, shallow(layers), Replicas.format(spec));
        try (Trainee trainee = new Trainee(
                List.of(new Replica(compute, decoder, Replicas.adapter(compute, decoder, spec), spec)), spec)) {
            LongStream.range(0, WARM_UP).forEach(i -> timed(trainee, batch));
            return LongStream.generate(() -> timed(trainee, batch))
                            .limit(REPETITIONS)
                            .sorted()
                            .skip(REPETITIONS / 2)
                            .findFirst()
                            .orElseThrow()
                    / 1e9;
        }
    }

    /** The same model with its first layers only. */
    private DecoderConfig shallow(int layers) {
        DecoderConfig.Attention attention = config.attention();
        return new DecoderConfig(
                config.vocabulary(),
                config.hidden(),
                config.inner(),
                Math.min(layers, config.layers()),
                config.heads(),
                config.keyHeads(),
                config.headWidth(),
                config.positions(),
                config.normEpsilon(),
                config.tied(),
                new DecoderConfig.Attention(
                        attention.queryKeyValueBias(),
                        attention.outputBias(),
                        attention.queryKeyNorm(),
                        attention.scale(),
                        attention.softCap(),
                        attention.windows().subList(0, Math.min(layers, config.layers()))),
                config.feedForward(),
                config.rotary(),
                config.windowedRotary(),
                config.unitOffsetNorms(),
                config.postNorms(),
                config.embeddingScale(),
                config.logitSoftCap());
    }

    private long timed(Trainee trainee, Batch batch) {
        long begin = nanoseconds.getAsLong();
        trainee.step(new StepInputs(batch, 1, 0));
        return nanoseconds.getAsLong() - begin;
    }
}
