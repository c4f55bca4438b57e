package dev.remix.bench.contest;

import java.util.List;

/**
 * What a contestant says of the steps that it was told to run.
 *
 * @param cpuSeconds of all its threads, which another process's load does not lengthen
 * @param residentMemoryBytes at the end of the block
 * @param peakMemoryBytes resident at most since it was ready for the first step
 */
public record Block(List<Step> steps, double cpuSeconds, long residentMemoryBytes, long peakMemoryBytes) {
    public Block {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a block has steps");
        }
    }

    /**
     * @param seconds wall time, from the examples to the changed parameters
     * @param tokens real ones, each counted once and not once a draw
     * @param learnt those that have a loss
     * @param loss mean over the learnt ones, nats
     */
    public record Step(double seconds, int tokens, int learnt, double loss) {}

    public double seconds() {
        return steps.stream().mapToDouble(Step::seconds).sum();
    }

    public int tokens() {
        return steps.stream().mapToInt(Step::tokens).sum();
    }

    public double tokensPerSecond() {
        return tokens() / seconds();
    }

    public double tokensPerCpuSecond() {
        return tokens() / cpuSeconds;
    }

    public double millisPerStep() {
        return 1000 * seconds() / steps.size();
    }

    /** Mean over all learnt tokens, nats. */
    public double loss() {
        double sum =
                steps.stream().mapToDouble(step -> step.loss() * step.learnt()).sum();
        return sum / steps.stream().mapToInt(Step::learnt).sum();
    }
}
