package dev.remix.bench.pieces;

import dev.remix.bench.work.Size;
import dev.remix.bench.work.Workload;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import java.util.Arrays;
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
import org.openjdk.jmh.annotations.Warmup;

/** A batch of 32 examples of instruction data laid out as one flat run of positions, all its arrays. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PackingBench {
    private final List<Example> examples = Workload.draw(Size.small(8), 8192, 1).examples().stream()
            .map(PackingBench::example)
            .toList();

    private static Example example(Workload.Item item) {
        int[] tokens = item.tokens().stream().mapToInt(Integer::intValue).toArray();
        float[] weights = new float[tokens.length];
        Arrays.fill(weights, item.prompt(), tokens.length, 1);
        return new Example(tokens, weights, item.prompt());
    }

    @Benchmark
    public List<Object> ofABatch() {
        Batch batch = new Batch(examples);
        return List.of(
                batch.tokens(),
                batch.labels(),
                batch.places(),
                batch.exampleIndices(),
                batch.weights(),
                batch.promptShares(),
                batch.rows(),
                batch.groups());
    }
}
