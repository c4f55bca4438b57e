package dev.remix.engine.routing;

/** SplitMix64 (Steele, Lea and Flood, 2014) with random access: numbers as a pure function of a key and an index. */
public final class SplitMix {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private SplitMix() {}

    /** The index-th number, from 0, of the generator that starts at {@code key}. */
    public static long at(long key, long index) {
        return mix(key + (index + 1) * GAMMA);
    }

    /** The finisher: a bijection whose every output bit depends on every input bit. */
    public static long mix(long z) {
        long once = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }
}
