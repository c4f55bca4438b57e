package dev.remix.bench.pieces;

import ai.djl.ndarray.NDArray;
import dev.remix.engine.script.ScriptCall;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What stands beside one projection of width 768 to 2,048: 8 LoRAs of rank 8 of which 2 are on, for 2 draws of 8 examples,
 * forward and backward. Masked computes all ranks, gathered the selected LoRAs of each example only. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class LowRankBench {
    private static final int DRAWS = 2;
    private static final int EXAMPLES = 8;
    private static final int LORAS = 8;
    private static final int RANK = 8;

    private final Pieces pieces = new Pieces();

    /** Positions of each example. */
    @Param({"64", "256"})
    private int positions;

    private NDArray x = pieces.number(0);
    private final NDArray a = pieces.normal(LORAS * RANK, 768);
    private final NDArray b = pieces.normal(2048, LORAS * RANK);
    private final NDArray selection = pieces.below(LORAS, DRAWS, EXAMPLES, 2);
    private final NDArray loras = pieces.number(LORAS);

    @Setup
    public void draw() {
        x = pieces.normal(DRAWS, (long) EXAMPLES * positions, 768);
    }

    @Benchmark
    public void masked() {
        pieces.run(bind("masked"));
    }

    @Benchmark
    public void gathered() {
        pieces.run(bind("gathered"));
    }

    private ScriptCall bind(String method) {
        return pieces.call(method)
                .with("x", x)
                .with("a", a)
                .with("b", b)
                .with("selection", selection)
                .with("loras", loras);
    }

    @TearDown
    public void close() {
        pieces.close();
    }
}
