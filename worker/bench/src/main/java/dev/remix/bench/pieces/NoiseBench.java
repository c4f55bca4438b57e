package dev.remix.bench.pieces;

import dev.remix.engine.routing.GumbelNoise;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Gumbel noise of one draw of one example: a number for each LoRA of each site. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class NoiseBench {
    private static final GumbelNoise NOISE = new GumbelNoise(7);

    /** 6 sites of 8 LoRAs; those at 128 positions each, as token routing has it. */
    @Param({"48", "6144"})
    private int numbers;

    @Benchmark
    public float[] ofADraw() {
        GumbelNoise.Stream stream = NOISE.of(11, 1, 3);
        float[] noise = new float[numbers];
        for (int i = 0; i < numbers; i++) {
            noise[i] = stream.at(i);
        }
        return noise;
    }
}
