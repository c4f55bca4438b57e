package dev.remix.engine.train;

import dev.remix.engine.routing.GumbelNoise;
import dev.remix.engine.routing.SplitMix;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import java.util.stream.IntStream;

/**
 * What is random in a step, as functions of seed, step and the example's place in the step: the noise of the draws and the keys
 * of the dropout.
 *
 * @param byExample whether a site selects once for an example, or at each of its positions
 */
record StepNoise(long seed, int sites, int loras, boolean byExample) {
    /** Tells the dropout's numbers from all others of the seed. */
    private static final long DROPOUT = 0x5D0E5CA1AB1EL;

    /** [draws, sites, B or P, N] flattened */
    float[] gumbel(long step, int draws, Batch batch) {
        int inputs = byExample ? batch.size() : batch.positions();
        float[] noise = new float[Math.multiplyExact(Math.multiplyExact(draws * sites, inputs), loras)];
        int[] firsts = firstInputs(batch);
        IntStream.range(0, draws * batch.size()).parallel().forEach(i -> {
            int draw = i / batch.size();
            int example = i % batch.size();
            fill(noise, new Part(step, draw, example, inputs, firsts[example]), batch);
        });
        return noise;
    }

    private record Part(long step, int draw, int example, int inputs, int firstInput) {}

    private void fill(float[] noise, Part part, Batch batch) {
        GumbelNoise.Stream stream = new GumbelNoise(seed).of(part.step, part.draw, batch.offset() + part.example);
        int own = byExample ? 1 : batch.examples().get(part.example).length() - 1;
        for (int site = 0; site < sites; site++) {
            int to = ((part.draw * sites + site) * part.inputs + part.firstInput) * loras;
            for (int i = 0; i < own * loras; i++) {
                noise[to + i] = stream.at((long) site * own * loras + i);
            }
        }
    }

    private int[] firstInputs(Batch batch) {
        int[] firsts = new int[batch.size()];
        for (int b = 1; b < firsts.length; b++) {
            firsts[b] =
                    firsts[b - 1] + (byExample ? 1 : batch.examples().get(b - 1).length() - 1);
        }
        return firsts;
    }

    /** An odd number for each position: [P] */
    long[] dropoutKeys(long step, Batch batch) {
        long[] keys = new long[batch.positions()];
        int next = 0;
        for (int b = 0; b < batch.size(); b++) {
            Example example = batch.examples().get(b);
            long key = SplitMix.mix(SplitMix.mix(SplitMix.mix(seed ^ DROPOUT) + step) + batch.offset() + b);
            for (int t = 0; t < example.length() - 1; t++) {
                keys[next++] = SplitMix.at(key, t) | 1;
            }
        }
        return keys;
    }
}
