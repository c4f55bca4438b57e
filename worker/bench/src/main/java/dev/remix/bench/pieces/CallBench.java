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

/** What it costs to enter a script and to come back, before anything is computed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CallBench {
    private final Pieces pieces = new Pieces();
    private final NDArray one = pieces.normal(1);
    private final List<NDArray> hundred = pieces.normals(100, 1);

    @Benchmark
    public void withOneTensor() {
        pieces.run(pieces.call("nothing").with("x", one));
    }

    @Benchmark
    public void withAListOfAHundred() {
        pieces.run(pieces.call("nothing_of_many").with("xs", hundred));
    }

    @TearDown
    public void close() {
        pieces.close();
    }
}
