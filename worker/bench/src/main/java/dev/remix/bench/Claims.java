package dev.remix.bench;

import dev.remix.bench.contest.Block;
import dev.remix.bench.contest.Entrant;
import dev.remix.bench.contest.Result;
import dev.remix.bench.contest.Side;
import dev.remix.bench.work.Flops;
import dev.remix.bench.work.Shape;
import dev.remix.bench.work.Task;
import dev.remix.bench.work.Task.Gradient;
import dev.remix.bench.work.Task.Precision;
import dev.remix.bench.work.Task.Routing;
import dev.remix.bench.work.Workload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the engine is held to at width 768: against PEFT, against itself, and against the machine.
 *
 * @param bfloat16 whether the CPU multiplies bfloat16 by itself; where it doesn't, nothing is claimed of that format
 * @param peers whether there are any to compare with
 */
record Claims(boolean bfloat16, boolean peers) {

    private List<Precision> precisions() {
        return bfloat16 ? List.of(Precision.F32, Precision.BF16) : List.of(Precision.F32);
    }

    /** Everybody who has to take part. */
    List<Entrant> entrants() {
        Set<Entrant> all = new LinkedHashSet<>();
        for (Precision precision : precisions()) {
            all.add(lora(precision));
            all.add(remix(precision, 2, Gradient.MEAN));
            all.add(remix(precision, 4, Gradient.MEAN));
            all.add(remix(precision, 4, Gradient.SINGLE));
        }
        if (peers) {
            all.addAll(best().peers());
        }
        return List.copyOf(all);
    }

    private Entrant best() {
        return lora(precisions().getLast());
    }

    private static Entrant lora(Precision precision) {
        return Entrant.engine(Task.lora(precision));
    }

    private static Entrant remix(Precision precision, int draws, Gradient gradient) {
        return Entrant.engine(Task.remix(precision, draws, Routing.SEQUENCE, gradient));
    }

    List<Claim> of(Result result, Shape shape, Workload workload) {
        List<Claim> claims = new ArrayList<>();
        if (peers) {
            best().peers().forEach(peer -> claims.addAll(against(peer, result)));
        }
        precisions().forEach(precision -> claims.addAll(steps(precision, result)));
        if (bfloat16) {
            Entrant f32 = lora(Precision.F32);
            Entrant bf16 = lora(Precision.BF16);
            claims.add(Claim.atLeast(
                    1.8, "lora: bf16 tokens/s over f32", faster(result, bf16, f32), leaner(result, bf16, f32)));
        }
        for (Precision precision : precisions()) {
            double flops = new Flops(shape, Task.lora(precision)).of(workload.examples());
            claims.add(Claim.atLeast(
                    0.75,
                    lora(precision).name() + ": share of the matrix peak",
                    result.shareOfPeak(lora(precision), flops).median(),
                    result.cpuShareOfPeak(lora(precision), flops).median()));
        }
        return claims;
    }

    private List<Claim> against(Entrant peer, Result result) {
        String title = peer.side().title();
        double bound = peer.side() == Side.PEFT_DEFAULT ? 2.5 : 1.2;
        double memory = (double) result.peakMemoryBytes(best()) / result.peakMemoryBytes(peer);
        return List.of(
                Claim.atLeast(
                        bound,
                        best().name() + ": tokens/s over " + title,
                        faster(result, best(), peer),
                        leaner(result, best(), peer)),
                Claim.atMost(1, best().name() + ": memory over " + title, memory, memory));
    }

    /** How many times the other's tokens a second. */
    private static double faster(Result result, Entrant one, Entrant other) {
        return result.ratio(one, other, Block::tokensPerSecond).median();
    }

    /** How many times less CPU time for the same tokens. */
    private static double leaner(Result result, Entrant one, Entrant other) {
        return result.ratio(one, other, Block::tokensPerCpuSecond).median();
    }

    private static List<Claim> steps(Precision precision, Result result) {
        return Stream.of(
                        new Limit(2.3, remix(precision, 2, Gradient.MEAN)),
                        new Limit(4.4, remix(precision, 4, Gradient.MEAN)),
                        new Limit(2.9, remix(precision, 4, Gradient.SINGLE)))
                .map(limit -> limit.of(lora(precision), result))
                .toList();
    }

    private record Limit(double bound, Entrant remix) {
        Claim of(Entrant lora, Result result) {
            double times = result.ratio(remix, lora, Block::seconds).median();
            return Claim.atMost(
                    bound,
                    remix.name() + ": a step over one of " + lora.name(),
                    times,
                    result.ratio(remix, lora, Block::cpuSeconds).median());
        }
    }
}
