package dev.remix.engine.routing;

/**
 * Standard Gumbel noise as a pure function of (seed, step, draw, index), so that a resumed run, or a step repeated alone,
 * draws the very same LoRAs.
 *
 * <p>{@code g = −log(−log u)}, where u is the index-th output of SplitMix64 (Steele, Lea and Flood, 2014) started at a hash
 * of (seed, step, draw). A value does not depend on how many are asked for, and no two draws, sites, examples or positions
 * share one: each has its own index. {@link StrictMath} makes the noise the same on every machine.
 *
 * @param seed the run's
 */
public record GumbelNoise(long seed) {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    /** Noise of all draws of a step, {@code [M, valuesPerDraw]} flattened: what one draw needs lies together. */
    public float[] ofStep(long step, int draws, int valuesPerDraw) {
        float[] noise = new float[Math.multiplyExact(draws, valuesPerDraw)];
        for (int draw = 0; draw < draws; draw++) {
            fill(step, draw, noise, draw * valuesPerDraw, valuesPerDraw);
        }
        return noise;
    }

    private void fill(long step, int draw, float[] target, int from, int count) {
        long state = mix(mix(mix(seed) + step) + draw);
        for (int i = 0; i < count; i++) {
            state += GAMMA;
            target[from + i] = (float) gumbel(mix(state));
        }
    }

    /** The upper 52 bits as the middle of their interval of (0, 1): neither end is ever met, so the noise is finite. */
    private static double gumbel(long bits) {
        double uniform = (bits >>> 12) * 0x1p-52 + 0x1p-53;
        return -StrictMath.log(-StrictMath.log(uniform));
    }

    private static long mix(long z) {
        long once = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }
}
