package dev.remix.bench.pieces;

import dev.remix.bench.work.RandomModel;
import dev.remix.bench.work.Shape;
import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Opening a file of 9 MB with 21 tensors, and reading it whole as float32. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SafetensorsBench {
    private static final Shape SHAPE = new Shape(2048, 256, 704, 2, 4, 4, 64, 256);

    private Path directory = Path.of("");
    private Path file = Path.of("");

    @Setup
    public void write() throws IOException {
        directory = Files.createTempDirectory("remix-bench-pieces");
        file = RandomModel.writeWeights(directory, SHAPE, 1);
    }

    @Benchmark
    public int open() {
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            return opened.names().size();
        }
    }

    @Benchmark
    public List<Weight> readAll() {
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            return opened.readAll();
        }
    }

    @TearDown
    public void delete() throws IOException {
        Files.delete(file);
        Files.delete(directory);
    }
}
