package dev.remix.bench.pieces;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One AdamW update with clipping of 1.0 M parameters in 36 tensors: rank 16 on 18 projections of width 768 and 2,048. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class UpdateBench {
    private final Pieces pieces = new Pieces();
    private final List<NDArray> parameters = pieces.normals(36, 16, 1792);
    private final List<NDArray> gradients = pieces.normals(36, 16, 1792);
    private final List<NDArray> means = pieces.zeros(36, 16, 1792);
    private final List<NDArray> squares = pieces.zeros(36, 16, 1792);
    private final NDArray rates = pieces.numbers(1e-3, 0, 0.5, 1);

    @Benchmark
    public void adamW() {
        pieces.run(pieces.call("update")
                .with("parameters", parameters)
                .with("gradients", gradients)
                .with("means", means)
                .with("squares", squares)
                .with("rates", rates));
    }

    @TearDown
    public void close() {
        pieces.close();
    }
}
