package dev.remix.engine.forecast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a run will take. {@link PeakMemory}, {@link Kept} and {@link Operations} have the formulas, each with its reason.
 *
 * @param tokensPerEpoch tokens of the examples of one pass
 * @param tokens of all steps
 * @param operations floating-point operations of all steps
 * @param widest the largest run of positions that goes through the model at once
 */
public record Forecast(
        Setting setting,
        Parameters parameters,
        Memory memory,
        long tokensPerEpoch,
        long tokens,
        int steps,
        double operations,
        Layout widest) {

    /**
     * A step's examples, as they go through the model.
     *
     * @param parts one, or several where the step is cut into micro-batches
     */
    public record Step(List<Layout> parts, int tokens) {
        public Step {
            parts = List.copyOf(parts);
        }
    }

    /**
     * @param epoch the steps of one pass over the data
     * @param steps of the run
     */
    public static Forecast of(Setting setting, List<Step> epoch, int steps) {
        long tokensPerEpoch = epoch.stream().mapToLong(Step::tokens).sum();
        double passes = (double) steps / epoch.size();
        return new Forecast(
                setting,
                Parameters.of(setting),
                memory(setting, epoch),
                tokensPerEpoch,
                Math.round(tokensPerEpoch * passes),
                steps,
                passes
                        * epoch.stream()
                                .mapToDouble(step -> operations(setting, step))
                                .sum(),
                epoch.stream()
                        .flatMap(step -> step.parts().stream())
                        .max(Comparator.comparingLong(Layout::positions))
                        .orElseThrow());
    }

    private static Memory memory(Setting setting, List<Step> epoch) {
        PeakMemory peak = new PeakMemory(setting);
        List<Memory> moments = new ArrayList<>();
        for (Step step : epoch) {
            step.parts().forEach(part -> moments.add(peak.of(part, step.parts().size() > 1)));
        }
        return Memory.highest(moments);
    }

    /** Operations of one step. */
    public static double operations(Setting setting, Step step) {
        Operations operations = new Operations(setting);
        return step.parts().stream().mapToDouble(operations::of).sum();
    }

    /** Time of all steps on a machine that does so many of a step's operations in a second. */
    public Duration duration(double operationsPerSecond) {
        return Duration.ofMillis(Math.round(1000 * operations / operationsPerSecond));
    }

    /** One sentence for whoever sent the job: how much it needs, what for, and what would need less. */
    public String inWords() {
        List<String> parts = new ArrayList<>();
        parts.add("The run needs up to %s (%s)".formatted(Memory.inWords(memory.peak()), memory.largest()));
        Layout half = widest.half();
        if (half.positions() < widest.positions()) {
            offer("micro_batch_tokens " + half.tokens(), new PeakMemory(setting).of(half, true), parts);
        }
        if (!setting.recompute()) {
            offer("recompute", new PeakMemory(setting.withRecompute()).of(widest, false), parts);
        }
        return String.join("; ", parts) + ".";
    }

    private void offer(String change, Memory less, List<String> parts) {
        if (less.peak() < memory.peak()) {
            parts.add("with %s about %s".formatted(change, Memory.inWords(less.peak())));
        }
    }
}
