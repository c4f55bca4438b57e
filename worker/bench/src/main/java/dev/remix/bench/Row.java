package dev.remix.bench;

import dev.remix.bench.contest.Block;
import dev.remix.bench.contest.Entrant;
import dev.remix.bench.contest.Result;
import dev.remix.bench.contest.Statistics;
import dev.remix.bench.work.Task;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table: what the engine does on a task, beside one peer. Figures are medians over the rounds.
 *
 * @param tokensPerSecond real (not padding) tokens, each counted once and not once a draw
 * @param flopsFractionOfPeak {@link dev.remix.bench.work.Flops} a second over the machine's matrix peak
 * @param cpuFractionOfPeak the same with CPU time in both
 * @param peakFlopsPerSecond the machine's matrix peak in this precision
 * @param spread of tokensPerSecond over the rounds, as a share
 * @param peer null where nobody does the same in Python
 * @param ratioToPeer tokens a second over the peer's, made per round
 * @param cpuRatioToPeer the same by CPU time, which other processes on the machine don't change
 */
public record Row(
        String kind,
        String size,
        String precision,
        int draws,
        String routing,
        String gradient,
        double tokensPerSecond,
        double bestTokensPerSecond,
        double spread,
        double msPerStep,
        double cpuMsPerStep,
        long peakMemoryBytes,
        double flopsPerSecond,
        double flopsFractionOfPeak,
        double cpuFractionOfPeak,
        double peakFlopsPerSecond,
        int rounds,
        @Nullable String peer,
        @Nullable Double peerTokensPerSecond,
        @Nullable Double peerMsPerStep,
        @Nullable Long peerPeakMemoryBytes,
        @Nullable Double ratioToPeer,
        @Nullable Double cpuRatioToPeer) {

    /** @param flops of a block */
    static Row of(String size, Entrant engine, @Nullable Entrant peer, Result result, double flops) {
        Task task = engine.task();
        Statistics speed = result.of(engine, Block::tokensPerSecond);
        return new Row(
                Task.lower(task.kind()),
                size,
                Task.lower(task.precision()),
                task.draws(),
                Task.lower(task.routing()),
                Task.lower(task.gradient()),
                speed.median(),
                speed.greatest(),
                speed.spread(),
                result.of(engine, Block::millisPerStep).median(),
                result.of(engine, Row::cpuMillisPerStep).median(),
                result.peakMemoryBytes(engine),
                result.of(engine, block -> flops / block.seconds()).median(),
                result.shareOfPeak(engine, flops).median(),
                result.cpuShareOfPeak(engine, flops).median(),
                result.peakFlopsPerSecond(task.precision()).median(),
                result.rounds().size(),
                peer == null ? null : peer.side().title(),
                peer == null ? null : result.of(peer, Block::tokensPerSecond).median(),
                peer == null ? null : result.of(peer, Block::millisPerStep).median(),
                peer == null ? null : result.peakMemoryBytes(peer),
                peer == null
                        ? null
                        : result.ratio(engine, peer, Block::tokensPerSecond).median(),
                peer == null
                        ? null
                        : result.ratio(engine, peer, Block::tokensPerCpuSecond).median());
    }

    private static double cpuMillisPerStep(Block block) {
        return 1000 * block.cpuSeconds() / block.steps().size();
    }
}
