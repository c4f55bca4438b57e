package dev.remix.engine.forecast;

/**
 * What glibc's heap holds beside the arrays in it, on a CPU.
 *
 * <p>Arrays that are kept and arrays that are dropped lie among each other, and what is dropped leaves holes that the next request
 * does not always fit: a step's heap is a good deal larger than the sum of its arrays at any moment, and stays so.
 *
 * <p>The law is measured, not derived (docs/log.md): as much again as the arrays of a step up to 400 MB, and 43 % of what lies
 * above. A float32 LoRA alone, whose products make and drop one more array of full width than a gated one's, has a fifth more.
 * Recomputation changes which arrays are kept, not which are made, and leaves the holes as they are. Where every weight is
 * trained no product has a low-rank one beside it to be added and dropped, and a third remains.
 */
final class Holes {
    private static final long KNEE = 400_000_000;

    private Holes() {}

    /** @param passing bytes of the arrays that a step without recomputation has at its highest */
    static long of(Setting setting, long passing) {
        double holes = (double) Math.min(passing, KNEE) + 0.43 * Math.max(0L, passing - KNEE);
        boolean gated = Pooling.of(setting.adapter()).pool() != null;
        double more = setting.everything() ? 1 / 3.0 : gated || setting.narrow() == 2 ? 1 : 1.2;
        return Math.round(more * holes);
    }
}
