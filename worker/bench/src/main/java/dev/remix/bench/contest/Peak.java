package dev.remix.bench.contest;

/**
 * What the machine can do at most.
 *
 * @param flopsPerSecond of wall time
 * @param flopsPerCpuSecond of CPU time over all threads, which other processes on the machine don't change
 */
public record Peak(double flopsPerSecond, double flopsPerCpuSecond) {

    /** The better of two measurements, each figure by itself. */
    public Peak or(Peak other) {
        return new Peak(
                Math.max(flopsPerSecond, other.flopsPerSecond), Math.max(flopsPerCpuSecond, other.flopsPerCpuSecond));
    }
}
