package dev.remix.engine.routing;

/**
 * Standard Gumbel noise as a pure function of (seed, step, draw, example, index), so that a resumed run, a step repeated alone
 * or one that is cut into parts draws the very same LoRAs.
 *
 * <p>{@code g = −log(−log u)}, where u is the index-th output of SplitMix64 (Steele, Lea and Flood, 2014) started at a hash of
 * (seed, step, draw, example). A value does not depend on how many are asked for, and no two draws, sites, examples or positions
 * share one: each has its own index. {@link StrictMath} makes the noise the same on every machine.
 *
 * @param seed the run's
 */
public record GumbelNoise(long seed) {

    /** The noise of one example in one draw, by index; {@code example} counts within the step. */
    public Stream of(long step, int draw, int example) {
        long state = SplitMix.mix(SplitMix.mix(SplitMix.mix(SplitMix.mix(seed) + step) + draw) + example);
        return new Stream(state);
    }

    /** Independent values, each found by its index. */
    public record Stream(long start) {
        public float at(long index) {
            return (float) gumbel(SplitMix.at(start, index));
        }
    }

    /** The upper 52 bits as the middle of their interval of (0, 1): neither end is ever met, so the noise is finite. */
    private static double gumbel(long bits) {
        double uniform = (bits >>> 12) * 0x1p-52 + 0x1p-53;
        return -StrictMath.log(-StrictMath.log(uniform));
    }
}
