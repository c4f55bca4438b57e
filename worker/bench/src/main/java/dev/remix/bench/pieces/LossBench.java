package dev.remix.bench.pieces;

import ai.djl.ndarray.NDArray;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Head and cross-entropy with their gradient, 512 rows of width 768, by how many rows go through the head at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class LossBench {
    private static final int ROWS = 512;
    private static final int VOCABULARY = 8192;

    private final Pieces pieces = new Pieces();

    @Param({"64", "256", "512"})
    private int chunk;

    private final NDArray h = pieces.normal(ROWS, 768);
    private final NDArray head = pieces.normal(VOCABULARY, 768);
    private final NDArray labels = pieces.below(VOCABULARY, ROWS);

    @Benchmark
    public void inChunks() {
        try (NDArray size = pieces.number(chunk)) {
            pieces.run(pieces.call("loss_in_chunks")
                    .with("h", h)
                    .with("head", head)
                    .with("labels", labels)
                    .with("chunk", size));
        }
    }

    @TearDown
    public void close() {
        pieces.close();
    }
}
