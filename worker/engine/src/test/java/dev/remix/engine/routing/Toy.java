package dev.remix.engine.routing;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The routed toy of {@code torchscript/toy.py}, with its expected loss by enumeration of every ordered selection at every
 * site and position. Probabilities are plain products of softmax shares over what is left of 1: nothing of the scripts'
 * arithmetic is used.
 *
 * @param routers [L, N, D]
 * @param inputs [G, T, D]
 * @param mixing [N, D]
 * @param table [G, T, C], C = 2^(N·L·T)
 * @param supervised [G, T], 0 or 1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Toy(Sizes sizes, double[] routers, double[] inputs, double[] mixing, double[] table, double[] supervised) {
    static final int SITES = 2;

    record Sizes(int loras, int active, int width, int examples, int positions) {
        int entries() {
            return 1 << (loras * SITES * positions);
        }
    }

    /**
     * Examples of different difficulty whose losses depend mostly on which LoRAs were selected, and partly on their
     * combination; the last example is supervised at its last position only.
     */
    static Toy random(Sizes sizes, long seed) {
        Random random = new Random(seed);
        double[] table = new double[sizes.examples * sizes.positions * sizes.entries()];
        int bits = sizes.loras * SITES * sizes.positions;
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
            sum += new Enumeration(routers, g).expected(0, 0, new double[sizes.width], 0) / supervisedPositions(g);
        }
        return sum / sizes.examples;
    }

    private double supervisedPositions(int g) {
        return Arrays.stream(supervised, g * sizes.positions, (g + 1) * sizes.positions)
                .sum();
    }

    /** [L, T, N]: what each LoRA adds to the code of all that was selected up to a position. */
    long[] codes() {
        long[] codes = new long[SITES * sizes.positions * sizes.loras];
        for (int i = 0; i < codes.length; i++) {
            int position = i / sizes.loras % sizes.positions;
            codes[i] = 1L << bit(i / (sizes.positions * sizes.loras), position, i % sizes.loras);
        }
        return codes;
    }

    private int bit(int site, int position, int lora) {
        return lora + sizes.loras * (position * SITES + site);
    }

    /** Walks the draws of one example in the order in which they are made. */
    private final class Enumeration {
        private final double[] routers;
        private final int example;
        private final List<int[]> selections = OrderedDraws.all(sizes.loras, sizes.active);

        Enumeration(double[] routers, int example) {
            this.routers = routers;
            this.example = example;
        }

        /** Expected sum of the losses from position t on, given the mix of the first site's selections and the code so far. */
        double expected(int t, int site, double[] mix, int code) {
            double[] q = OrderedDraws.softmax(logits(t, site, mix));
            double sum = 0;
            for (int[] selection : selections) {
                int selected = code;
                for (int lora : selection) {
                    selected |= 1 << bit(site, t, lora);
                }
                sum += OrderedDraws.probability(q, selection) * after(t, site, selection, mix, selected);
            }
            return sum;
        }

        private double after(int t, int site, int[] selection, double[] mix, int code) {
            if (site == 0) {
                return expected(t, 1, mixed(mix, selection), code);
            }
            int place = example * sizes.positions + t;
            double loss = supervised[place] * table[place * sizes.entries() + code];
            return t + 1 == sizes.positions ? loss : loss + expected(t + 1, 0, mix, code);
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

        private double[] logits(int t, int site, double[] mix) {
            double[] logits = new double[sizes.loras];
            for (int lora = 0; lora < sizes.loras; lora++) {
                for (int d = 0; d < sizes.width; d++) {
                    double input = inputs[(example * sizes.positions + t) * sizes.width + d] + site * mix[d];
                    logits[lora] += routers[(site * sizes.loras + lora) * sizes.width + d] * input;
                }
            }
            return logits;
        }
    }
}
