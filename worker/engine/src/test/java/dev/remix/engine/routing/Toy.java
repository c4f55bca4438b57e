package dev.remix.engine.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The routed toy of {@code torchscript/toy.py}, with its expected loss and all that its draws can come to, by enumeration of
 * every selection at every site and position. Probabilities are plain products of softmax shares over what is left of 1:
 * nothing of the scripts' arithmetic is used.
 *
 * @param routers [L, N, D]
 * @param inputs [G, T, D]
 * @param mixing [N, D]
 * @param table [G, T, C], C = 2^(N·L·U)
 * @param supervised [G, T], 0 or 1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Toy(Sizes sizes, double[] routers, double[] inputs, double[] mixing, double[] table, double[] supervised) {
    static final int SITES = 2;

    /** @param byExample whether an example selects once for all its positions */
    record Sizes(int loras, int active, int width, int examples, int positions, boolean byExample) {
        /** U: how often an example selects. */
        int selections() {
            return byExample ? 1 : positions;
        }

        int entries() {
            return 1 << (loras * SITES * selections());
        }
    }

    /**
     * Examples of different difficulty whose losses depend mostly on which LoRAs were selected, and partly on their
     * combination; the last example is supervised at its last position only.
     */
    static Toy random(Sizes sizes, long seed) {
        Random random = new Random(seed);
        double[] table = new double[sizes.examples * sizes.positions * sizes.entries()];
        int bits = sizes.loras * SITES * sizes.selections();
        for (int row = 0; row < sizes.examples * sizes.positions; row++) {
            double[] effects = normal(random, bits, 1);
            for (int code = 0; code < sizes.entries(); code++) {
                double loss = row + 0.3 * random.nextGaussian();
                for (int bit = 0; bit < bits; bit++) {
                    loss += ((code >> bit) & 1) * effects[bit];
                }
                table[row * sizes.entries() + code] = loss;
            }
        }
        double[] supervised = new double[sizes.examples * sizes.positions];
        Arrays.fill(supervised, 1);
        Arrays.fill(supervised, supervised.length - sizes.positions, supervised.length - 1, 0);
        return new Toy(
                sizes,
                normal(random, SITES * sizes.loras * sizes.width, 0.9),
                normal(random, sizes.examples * sizes.positions * sizes.width, 1),
                normal(random, sizes.loras * sizes.width, 0.3),
                table,
                supervised);
    }

    private static double[] normal(Random random, int count, double deviation) {
        return random.doubles(count, 0, 1)
                .map(ignored -> random.nextGaussian() * deviation)
                .toArray();
    }

    /** Exact to about 1e-9: central differences of the enumerated expected loss. */
    double[] exactGradient() {
        double step = 1e-4;
        double[] gradient = new double[routers.length];
        double[] moved = routers.clone();
        for (int i = 0; i < routers.length; i++) {
            moved[i] = routers[i] + step;
            double above = expectedLoss(moved);
            moved[i] = routers[i] - step;
            gradient[i] = (above - expectedLoss(moved)) / (2 * step);
            moved[i] = routers[i];
        }
        return gradient;
    }

    /** Mean over the examples of the expected mean loss of the supervised positions. */
    private double expectedLoss(double[] routers) {
        double sum = 0;
        for (int g = 0; g < sizes.examples; g++) {
            sum += new Enumeration(routers, g).expected(0, 0, new double[sizes.width], 0);
        }
        return sum;
    }

    /** Everything that the draws of one example can come to. */
    List<Outcome> outcomes(int example) {
        List<Outcome> found = new ArrayList<>();
        new Enumeration(routers, example).collect(found);
        return found;
    }

    /**
     * One series of ordered selections.
     *
     * @param losses the example's part of the step's loss at each position
     * @param scores for each selection what log Q changes by with each number of the routers
     */
    record Outcome(double probability, double[] losses, double[][] scores) {}

    /** [L, U, N]: what each LoRA adds to the code of all that was selected up to a position. */
    long[] codes() {
        long[] codes = new long[SITES * sizes.selections() * sizes.loras];
        for (int i = 0; i < codes.length; i++) {
            int selection = i / sizes.loras % sizes.selections();
            codes[i] = 1L << bit(i / (sizes.selections() * sizes.loras), selection, i % sizes.loras);
        }
        return codes;
    }

    private int bit(int site, int selection, int lora) {
        return lora + sizes.loras * (selection * SITES + site);
    }

    /** Walks the selections of one example in the order in which they are made. */
    private final class Enumeration {
        private final double[] routers;
        private final int example;
        private final List<int[]> sets = OrderedDraws.sets(sizes.loras, sizes.active);
        private final List<int[]> orders = OrderedDraws.all(sizes.loras, sizes.active);

        Enumeration(double[] routers, int example) {
            this.routers = routers;
            this.example = example;
        }

        /** Expected sum of the losses from selection u on, given the mix of the first site's selections and the code so far. */
        double expected(int u, int site, double[] mix, int code) {
            double[] q = OrderedDraws.softmax(logits(u, site, mix));
            double sum = 0;
            for (int[] set : sets) {
                int selected = with(code, u, site, set);
                double probability = OrderedDraws.probabilityOfSet(q, set);
                if (site == 0) {
                    sum += probability * expected(u, 1, mixed(mix, set), selected);
                } else {
                    double later = u + 1 < sizes.selections() ? expected(u + 1, 0, mix, selected) : 0;
                    sum += probability * (Arrays.stream(losses(u, selected)).sum() + later);
                }
            }
            return sum;
        }

        void collect(List<Outcome> into) {
            double[][] scores = new double[sizes.selections()][routers.length];
            collect(0, 0, new double[sizes.width], 0, new Outcome(1, new double[0], scores), into);
        }

        private void collect(int u, int site, double[] mix, int code, Outcome soFar, List<Outcome> into) {
            if (u == sizes.selections()) {
                into.add(soFar);
                return;
            }
            double[] q = OrderedDraws.softmax(logits(u, site, mix));
            for (int[] order : orders) {
                int selected = with(code, u, site, order);
                double probability = soFar.probability * OrderedDraws.probability(q, order);
                double[][] scores = scored(soFar.scores, u, site, mix, OrderedDraws.score(q, order));
                if (site == 0) {
                    Outcome next = new Outcome(probability, soFar.losses, scores);
                    collect(u, 1, mixed(mix, order), selected, next, into);
                } else {
                    Outcome next = new Outcome(probability, joined(soFar.losses, losses(u, selected)), scores);
                    collect(u + 1, 0, mix, selected, next, into);
                }
            }
        }

        private int with(int code, int u, int site, int[] selection) {
            int selected = code;
            for (int lora : selection) {
                selected |= 1 << bit(site, u, lora);
            }
            return selected;
        }

        /** Of the positions that the u-th selection is the last to be made for. */
        private double[] losses(int u, int code) {
            int first = sizes.byExample ? 0 : u;
            int last = sizes.byExample ? sizes.positions : u + 1;
            double learnt = Arrays.stream(supervised, example * sizes.positions, (example + 1) * sizes.positions)
                    .sum();
            return IntStream.range(first, last)
                    .map(t -> example * sizes.positions + t)
                    .mapToDouble(place ->
                            supervised[place] * table[place * sizes.entries() + code] / (learnt * sizes.examples))
                    .toArray();
        }

        private double[][] scored(double[][] scores, int u, int site, double[] mix, double[] ofLogits) {
            double[][] found = scores.clone();
            found[u] = scores[u].clone();
            for (int lora = 0; lora < sizes.loras; lora++) {
                for (int d = 0; d < sizes.width; d++) {
                    found[u][(site * sizes.loras + lora) * sizes.width + d] = ofLogits[lora] * input(u, site, mix, d);
                }
            }
            return found;
        }

        private double[] mixed(double[] mix, int[] selection) {
            double[] sum = mix.clone();
            for (int lora : selection) {
                for (int d = 0; d < sizes.width; d++) {
                    sum[d] += mixing[lora * sizes.width + d];
                }
            }
            return sum;
        }

        private double[] logits(int u, int site, double[] mix) {
            double[] logits = new double[sizes.loras];
            for (int lora = 0; lora < sizes.loras; lora++) {
                for (int d = 0; d < sizes.width; d++) {
                    logits[lora] += routers[(site * sizes.loras + lora) * sizes.width + d] * input(u, site, mix, d);
                }
            }
            return logits;
        }

        private double input(int u, int site, double[] mix, int d) {
            int first = example * sizes.positions * sizes.width + d;
            double own = sizes.byExample
                    ? IntStream.range(0, sizes.positions)
                            .mapToDouble(t -> inputs[first + t * sizes.width])
                            .average()
                            .orElseThrow()
                    : inputs[first + u * sizes.width];
            return own + site * mix[d];
        }
    }

    private static double[] joined(double[] a, double[] b) {
        return DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }
}
