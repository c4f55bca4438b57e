package dev.remix.bench.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.bench.contest.Peak;
import dev.remix.bench.contest.Wire;
import dev.remix.bench.work.Task.Precision;
import dev.remix.engine.device.Compute;
import dev.remix.engine.script.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The machine's matrix peak: FLOP/s of the best of several products of a large square and of the shapes that a step has, by
 * the same library and threads as the engine's own.
 */
public final class MatrixPeak implements AutoCloseable {
    private static final int REPETITIONS = 3;

    private static final double SECONDS_A_REPETITION = 0.1;

    private final List<Product> products;
    private final Compute compute = Compute.cpu();
    private final Script script = Script.load(compute, "peak");

    /** x [rows, inputs] · Wᵀ, W [outputs, inputs]. */
    public record Product(int rows, int inputs, int outputs) {
        double flops() {
            return 2.0 * rows * inputs * outputs;
        }
    }

    /** What to measure, as the process reads it from a file. */
    public record Products(List<Product> products, List<Precision> precisions) {
        public Products {
            products = List.copyOf(products);
            precisions = List.copyOf(precisions);
        }
    }

    MatrixPeak(List<Product> products) {
        this.products = List.copyOf(products);
    }

    Peak measure(Precision precision) {
        return products.stream()
                .map(product -> measure(product, precision))
                .reduce(Peak::or)
                .orElseThrow();
    }

    private Peak measure(Product product, Precision precision) {
        try (NDManager scope = compute.scope()) {
            NDArray x = ones(scope, product.rows(), product.inputs(), precision);
            NDArray w = ones(scope, product.outputs(), product.inputs(), precision);
            long begin = System.nanoTime();
            repeat(product, scope, x, w, 1);
            double once = (System.nanoTime() - begin) / 1e9;
            int times = (int) Math.clamp(SECONDS_A_REPETITION / once, 1, 100);
            return Stream.generate(() -> repeat(product, scope, x, w, times))
                    .limit(REPETITIONS)
                    .reduce(Peak::or)
                    .orElseThrow();
        }
    }

    private NDArray ones(NDManager scope, int rows, int columns, Precision precision) {
        NDArray ones = scope.ones(new Shape(rows, columns));
        return precision == Precision.F32
                ? ones
                : script.call("bfloat16").with("x", ones).infer(scope).singletonOrThrow();
    }

    private Peak repeat(Product product, NDManager outer, NDArray x, NDArray w, int times) {
        try (NDManager scope = outer.newSubManager();
                NDArray count = scope.create(times)) {
            Duration cpu = ProcessFigures.cpuTime();
            long begin = System.nanoTime();
            var results = script.call("products")
                    .with("x", x)
                    .with("w", w)
                    .with("times", count)
                    .infer(scope);
            double seconds = (System.nanoTime() - begin) / 1e9;
            double cpuSeconds = ProcessFigures.cpuTime().minus(cpu).toNanos() / 1e9;
            results.close();
            double flops = times * product.flops();
            return new Peak(flops / seconds, flops / cpuSeconds);
        }
    }

    @Override
    public void close() {
        script.close();
        compute.close();
    }

    /**
     * Answers every line with the peaks.
     *
     * @param args the file with {@link Products}
     */
    public static void main(String[] args) throws IOException {
        PrintStream replies = System.out;
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Products wanted = Wire.JSON.readValue(Path.of(args[0]), Products.class);
        try (MatrixPeak peak = new MatrixPeak(wanted.products())) {
            reply(replies, Map.of("ready", "matrix products"));
            while (commands.readLine() != null) {
                Map<Precision, Peak> measured = new EnumMap<>(Precision.class);
                wanted.precisions().forEach(precision -> measured.put(precision, peak.measure(precision)));
                reply(replies, measured);
            }
        }
    }

    private static void reply(PrintStream replies, Object message) {
        replies.println(Wire.JSON.writeValueAsString(message));
        replies.flush();
    }
}
