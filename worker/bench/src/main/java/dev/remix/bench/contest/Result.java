package dev.remix.bench.contest;

import dev.remix.bench.work.Task.Precision;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The rounds of a contest, and what is made of them. */
public record Result(List<Round> rounds) {
    public Result {
        rounds = List.copyOf(rounds);
    }

    public Statistics of(Entrant entrant, ToDoubleFunction<Block> figure) {
        return Statistics.of(rounds, round -> figure.applyAsDouble(round.of(entrant)));
    }

    /** The figure of one over that of the other, made in each round, as both then met the same machine. */
    public Statistics ratio(Entrant one, Entrant other, ToDoubleFunction<Block> figure) {
        return Statistics.of(
                rounds, round -> figure.applyAsDouble(round.of(one)) / figure.applyAsDouble(round.of(other)));
    }

    /** Share of the machine's matrix peak in the task's precision, given the operations of a block. */
    public Statistics shareOfPeak(Entrant entrant, double flops) {
        return Statistics.of(
                rounds,
                round -> flops
                        / round.of(entrant).seconds()
                        / round.peak(entrant.task().precision()).flopsPerSecond());
    }

    /** The same by CPU time. */
    public Statistics cpuShareOfPeak(Entrant entrant, double flops) {
        return Statistics.of(
                rounds,
                round -> flops
                        / round.of(entrant).cpuSeconds()
                        / round.peak(entrant.task().precision()).flopsPerCpuSecond());
    }

    /** The machine's matrix peak. */
    public Statistics peakFlopsPerSecond(Precision precision) {
        return Statistics.of(rounds, round -> round.peak(precision).flopsPerSecond());
    }

    public long peakMemoryBytes(Entrant entrant) {
        return rounds.stream()
                .mapToLong(round -> round.of(entrant).peakMemoryBytes())
                .max()
                .orElseThrow();
    }
}
