package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter.Use;
import dev.remix.engine.adapter.AdapterSpec.Remix;
import dev.remix.engine.routing.OrderedDraws;
import dev.remix.engine.script.Script;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.RunSpec.Execution;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The tiny decoder with a mixture, in float64 and far from its initial values, small enough to run under every combination of
 * subsets: each slot, which is a site or a position of one, can hold any of them.
 */
final class RoutedToyDecoder implements AutoCloseable {
    private static final double STEP = 1e-4;

    private final Replica replica;
    private final Script enumeration;
    private final List<Example> examples;
    private final int loras;
    private final int sites;
    private final List<int[]> sets;

    RoutedToyDecoder(Remix spec, List<Example> examples) {
        this.replica = Float64Model.replica(Float64Model.spec(spec, Execution.PLAIN));
        this.enumeration = Script.load(replica.compute(), "enumeration");
        this.examples = examples;
        this.loras = spec.pool().loras();
        this.sites = replica.adapter().sites().size();
        this.sets = OrderedDraws.sets(loras, spec.active());
    }

    /** Factors, then routers. */
    List<NDArray> parameters() {
        return replica.parameters();
    }

    int factors() {
        return replica.adapter().factors().size();
    }

    /** Gradient of training's scalar over a batch that holds every example {@code copies} times, each with its own draws. */
    List<double[]> sampledGradient(int copies, int step) {
        Batch batch = new Batch(Collections.nCopies(copies, examples).stream()
                .flatMap(List::stream)
                .toList());
        try (NDManager scope = replica.compute().scope()) {
            return replica.gradient(batch, step, batch.weight(), scope).gradients().stream()
                    .map(NDArray::toDoubleArray)
                    .toList();
        }
    }

    /** Derivative of the expected loss of a learnt token by one value. */
    double expectedLossSlope(NDArray array, int i) {
        return slope(array, i, () -> {
            List<Forced> outcomes = forced();
            return expectation(outcomes, probabilities(outcomes));
        });
    }

    /** The same with every combination's probability held as it is. */
    double lossSlopeAtFixedSelections(NDArray array, int i) {
        double[][] probabilities = probabilities(forced());
        return slope(array, i, () -> expectation(forced(), probabilities));
    }

    private static double slope(NDArray array, int i, DoubleSupplier value) {
        double[] values = array.toDoubleArray();
        double at = values[i];
        double above = at(array, values, i, at + STEP, value);
        double below = at(array, values, i, at - STEP, value);
        at(array, values, i, at, () -> 0);
        return (above - below) / (2 * STEP);
    }

    private static double at(NDArray array, double[] values, int i, double there, DoubleSupplier value) {
        values[i] = there;
        array.set(DoubleBuffer.wrap(values));
        return value.getAsDouble();
    }

    private double expectation(List<Forced> outcomes, double[][] probabilities) {
        double sum = 0;
        for (int b = 0; b < examples.size(); b++) {
            double[] losses = outcomes.get(b).losses;
            for (int row = 0; row < losses.length; row++) {
                sum += probabilities[b][row] * losses[row];
            }
        }
        return sum / new Batch(examples).weight();
    }

    /** [example][combination] */
    private double[][] probabilities(List<Forced> outcomes) {
        return outcomes.stream().map(this::probabilities).toArray(double[][]::new);
    }

    /** Product over the slots of the probability of the set that was forced there. */
    private double[] probabilities(Forced outcome) {
        int rows = outcome.losses.length;
        int inputs = outcome.slots / sites;
        double[] products = new double[rows];
        Arrays.fill(products, 1);
        for (int row = 0; row < rows; row++) {
            for (int slot = 0; slot < outcome.slots; slot++) {
                int from = place(row, slot, rows, inputs) * loras;
                double[] q = OrderedDraws.softmax(Arrays.copyOfRange(outcome.logits, from, from + loras));
                products[row] *= OrderedDraws.probabilityOfSet(q, set(row, slot));
            }
        }
        return products;
    }

    /** In [sites, combinations, inputs of an example]. */
    private static int place(int row, int slot, int rows, int inputs) {
        return (slot / inputs * rows + row) * inputs + slot % inputs;
    }

    /**
     * One example under all combinations.
     *
     * @param losses of each combination, summed over the learnt tokens
     * @param logits [sites, combinations, inputs of an example, N]
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Forced(int slots, double[] losses, double[] logits) {}

    private List<Forced> forced() {
        return examples.stream().map(this::forced).toList();
    }

    private Forced forced(Example example) {
        int inputs = replica.adapter().selectsByExample() ? 1 : example.length() - 1;
        int slots = sites * inputs;
        int rows = (int) Math.pow(sets.size(), slots);
        Batch batch = new Batch(Collections.nCopies(rows, example));
        try (NDManager scope = replica.compute().scope()) {
            NDArray noise =
                    scope.create(forcingNoise(rows, slots, inputs), new Shape(1, sites, (long) rows * inputs, loras));
            NDList result = replica.adapter()
                    .bind(
                            replica.decoder().bind(BatchArrays.bind(enumeration.call("forced"), batch, scope)),
                            Use.FORCED,
                            scope)
                    .with("noise", noise)
                    .infer(scope);
            return new Forced(
                    slots, result.get(0).toDoubleArray(), result.get(1).toDoubleArray());
        }
    }

    private double[] forcingNoise(int rows, int slots, int inputs) {
        double[] noise = new double[slots * rows * loras];
        for (int row = 0; row < rows; row++) {
            for (int slot = 0; slot < slots; slot++) {
                for (int lora : set(row, slot)) {
                    noise[place(row, slot, rows, inputs) * loras + lora] = 1;
                }
            }
        }
        return noise;
    }

    private int[] set(int row, int slot) {
        return sets.get(row / (int) Math.pow(sets.size(), slot) % sets.size());
    }

    @Override
    public void close() {
        enumeration.close();
        replica.close();
    }
}
