package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
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
import dev.remix.engine.routing.OrderedDraws;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * The tiny decoder with a pool of three LoRAs of which two are active, in float64, with a router and LoRAs that are far from
 * their initial values; small enough to run under every combination of subsets.
 */
final class RoutedToyDecoder implements AutoCloseable {
    private static final int LAYERS = TinyModel.CONFIG.layers();
    private static final int LORAS = 3;
    private static final int ACTIVE = 2;
    private static final int RANK = 2;
    private static final Shape ROUTER = new Shape(LORAS, TinyModel.CONFIG.hidden());
    private static final int[][] SETS = {{0, 1}, {0, 2}, {1, 2}};

    private final Compute compute = Compute.cpu();
    private final Decoder decoder = TinyModel.float64(compute);
    private final Script training = Script.load(compute, "adapter");
    private final Script enumeration = Script.load(compute, "enumeration");
    private final AdapterSpec.Remix spec;
    private final boolean perToken;
    private final List<Example> examples;
    private final double[][] factors;
    private final double[][] routers;

    RoutedToyDecoder(Routing routing, List<Example> examples, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        this.spec = new AdapterSpec.Remix(
                LORAS, ACTIVE, RANK, 2, 2, Scaling.RSLORA, routing, EnumSet.allOf(Target.class), 1);
        this.perToken = routing == Routing.TOKEN;
        this.examples = examples;
        this.factors =
                factorShapes().stream().map(shape -> normal(random, shape, 0.4)).toArray(double[][]::new);
        this.routers = IntStream.range(0, LAYERS)
                .mapToObj(layer -> normal(random, ROUTER, 0.3))
                .toArray(double[][]::new);
    }

    private static double[] normal(SplittableRandom random, Shape shape, double deviation) {
        return random.doubles(shape.size())
                .map(ignored -> deviation * random.nextGaussian())
                .toArray();
    }

    private static List<Shape> factorShapes() {
        long hidden = TinyModel.CONFIG.hidden();
        long inner = TinyModel.CONFIG.inner();
        long ranks = (long) LORAS * RANK;
        List<Shape> ofLayer = List.of(
                new Shape(ranks, hidden),
                new Shape(inner, ranks),
                new Shape(ranks, hidden),
                new Shape(inner, ranks),
                new Shape(ranks, inner),
                new Shape(hidden, ranks));
        return Collections.nCopies(LAYERS, ofLayer).stream()
                .flatMap(List::stream)
                .toList();
    }

    /** The routers' weights, whose gradient {@link #sampledGradient} ends with. */
    double[][] routers() {
        return routers;
    }

    /** For each layer A_all and B_all of the gate, up and down projection. */
    double[][] factors() {
        return factors;
    }

    /**
     * Gradient of training's scalar over a batch that holds every example {@code copies} times, each with draws of its own:
     * the factors' arrays, then the routers'.
     */
    List<double[]> sampledGradient(int draws, int copies, long step) {
        Batch batch = new Batch(Collections.nCopies(copies, examples).stream()
                .flatMap(List::stream)
                .toList());
        int perDraw = LAYERS * batch.size() * (perToken ? batch.width() - 1 : 1) * LORAS;
        float[] noise = new GumbelNoise(3).ofStep(step, draws, perDraw);
        try (NDManager scope = compute.scope()) {
            NDArray noiseArray = scope.create(noise, noiseShape(draws, batch));
            NDList result = bind(training.call("routed_gradient"), batch, noiseArray, scope)
                    .run(scope);
            return result.subList(2, result.size()).stream()
                    .map(NDArray::toDoubleArray)
                    .toList();
        }
    }

    /** Expected loss per learnt token, exactly. */
    double expectedLoss() {
        return expectation(forced(), probabilities());
    }

    /** Its derivative by one weight, which is put back. */
    double expectedLossSlope(double[] weights, int i) {
        return slope(weights, i, this::expectedLoss);
    }

    /** The same with every combination's probability held as it is. */
    double lossSlopeAtFixedSelections(double[] weights, int i) {
        double[][] probabilities = probabilities();
        return slope(weights, i, () -> expectation(forced(), probabilities));
    }

    private static double slope(double[] weights, int i, DoubleSupplier value) {
        double step = 1e-4;
        double at = weights[i];
        weights[i] = at + step;
        double above = value.getAsDouble();
        weights[i] = at - step;
        double below = value.getAsDouble();
        weights[i] = at;
        return (above - below) / (2 * step);
    }

    private double expectation(List<Forced> outcomes, double[][] probabilities) {
        double sum = 0;
        double learnt = 0;
        for (int b = 0; b < examples.size(); b++) {
            double[] losses = outcomes.get(b).losses;
            for (int row = 0; row < losses.length; row++) {
                sum += probabilities[b][row] * losses[row];
            }
            for (float weight : examples.get(b).weights()) {
                learnt += weight;
            }
        }
        return sum / learnt;
    }

    /** [example][combination] */
    private double[][] probabilities() {
        return forced().stream().map(this::probabilities).toArray(double[][]::new);
    }

    /** Product over the slots of the probability of the set that was forced there. */
    private double[] probabilities(Forced outcome) {
        double[] products = new double[outcome.losses.length];
        Arrays.fill(products, 1);
        int positions = outcome.slots / LAYERS;
        for (int row = 0; row < products.length; row++) {
            for (int slot = 0; slot < outcome.slots; slot++) {
                int layer = slot / positions;
                int from = ((layer * products.length + row) * positions + slot % positions) * LORAS;
                double[] q = OrderedDraws.softmax(Arrays.copyOfRange(outcome.logits, from, from + LORAS));
                products[row] *= OrderedDraws.probabilityOfSet(q, SETS[set(row, slot)]);
            }
        }
        return products;
    }

    /**
     * One example under all combinations.
     *
     * @param losses of each combination, summed over the learnt tokens
     * @param logits [L, combinations, positions that select, N]
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Forced(int slots, double[] losses, double[] logits) {}

    private List<Forced> forced() {
        return examples.stream().map(this::forced).toList();
    }

    private Forced forced(Example example) {
        int slots = LAYERS * (perToken ? example.length() - 1 : 1);
        int rows = (int) Math.pow(SETS.length, slots);
        Batch batch = new Batch(Collections.nCopies(rows, example));
        try (NDManager scope = compute.scope()) {
            NDArray noise = scope.create(forcingNoise(rows, slots), noiseShape(1, batch));
            NDList result =
                    bind(enumeration.call("forced"), batch, noise, scope).infer(scope);
            return new Forced(
                    slots, result.get(0).toDoubleArray(), result.get(1).toDoubleArray());
        }
    }

    /** [L, combinations, positions, N]: far above any logit for the set's members. */
    private static double[] forcingNoise(int rows, int slots) {
        int positions = slots / LAYERS;
        double[] noise = new double[slots * rows * LORAS];
        for (int row = 0; row < rows; row++) {
            for (int slot = 0; slot < slots; slot++) {
                for (int lora : SETS[set(row, slot)]) {
                    int place = (slot / positions * rows + row) * positions + slot % positions;
                    noise[place * LORAS + lora] = 1e6;
                }
            }
        }
        return noise;
    }

    private static int set(int row, int slot) {
        return row / (int) Math.pow(SETS.length, slot) % SETS.length;
    }

    private Shape noiseShape(int draws, Batch batch) {
        return perToken
                ? new Shape(draws, LAYERS, batch.size(), batch.width() - 1, LORAS)
                : new Shape(draws, LAYERS, batch.size(), LORAS);
    }

    /** The adapter's arrays are made anew, since a derivative moves their values. */
    private ScriptCall bind(ScriptCall call, Batch batch, NDArray noise, NDManager scope) {
        long[] prompts = Arrays.stream(batch.promptLengths()).asLongStream().toArray();
        NDManager owner = scope.newSubManager();
        Adapter adapter = new Adapter(
                spec,
                TinyModel.CONFIG,
                owner,
                arrays(factors, factorShapes(), owner),
                arrays(routers, Collections.nCopies(LAYERS, ROUTER), owner));
        return adapter.bind(decoder.bind(BatchArrays.of(batch, scope).bind(call)))
                .with("prompts", scope.create(prompts))
                .with("noise", noise);
    }

    private static List<NDArray> arrays(double[][] values, List<Shape> shapes, NDManager scope) {
        List<NDArray> arrays = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            arrays.add(scope.create(values[i], shapes.get(i)));
        }
        return arrays;
    }

    @Override
    public void close() {
        enumeration.close();
        training.close();
        decoder.close();
        compute.close();
    }
}
