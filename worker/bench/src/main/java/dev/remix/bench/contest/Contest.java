package dev.remix.bench.contest;

import dev.remix.bench.work.Task.Precision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/**
 * Contestants that take turns: A, B, C, A, B, C, … One of them computes at a time, so whatever else the machine does meets
 * all of them alike, and ratios are made within a round.
 */
public final class Contest implements AutoCloseable {
    /** Nats that the first blocks' losses may differ by: the order of the examples, and bfloat16. */
    private static final double SAME_LOSS = 0.1;

    private final Map<String, Child> contestants = new LinkedHashMap<>();
    private final int stepsPerBlock;
    private final Child peak;
    private final Consumer<String> progress;

    /**
     * @param peak what measures the machine's bound; it is closed with the contest
     * @param progress hears a few words on what is being done
     */
    public Contest(int stepsPerBlock, Child peak, Consumer<String> progress) {
        this.stepsPerBlock = stepsPerBlock;
        this.peak = peak;
        this.progress = progress;
    }

    public void add(Entrant entrant, Child contestant) {
        contestants.put(entrant.name(), contestant);
    }

    /**
     * Warms up and runs rounds, at least one.
     *
     * @param budget after which no further round begins, warming up not included
     * @param nanos the clock
     */
    public List<Round> run(int rounds, Duration budget, LongSupplier nanos) {
        requireSameWork(round("warming up").blocks());
        List<Round> done = new ArrayList<>();
        long begin = nanos.getAsLong();
        while (done.isEmpty() || (done.size() < rounds && nanos.getAsLong() - begin < budget.toNanos())) {
            done.add(round("round " + (done.size() + 1) + " of " + rounds));
        }
        return done;
    }

    private Round round(String title) {
        Map<String, Block> blocks = new LinkedHashMap<>();
        contestants.forEach((name, contestant) -> {
            progress.accept(title + ": " + name);
            blocks.put(name, contestant.run(stepsPerBlock));
        });
        progress.accept(title + ": matrix products");
        return new Round(blocks, peak());
    }

    private Map<Precision, Peak> peak() {
        JsonNode answer = peak.ask(Wire.JSON.createObjectNode());
        Map<Precision, Peak> measured = new EnumMap<>(Precision.class);
        answer.propertyStream()
                .forEach(entry -> measured.put(
                        Precision.valueOf(entry.getKey()), Wire.JSON.treeToValue(entry.getValue(), Peak.class)));
        return measured;
    }

    /** Untrained adapters change nothing, so all begin with the base model's loss on the same tokens. */
    private static void requireSameWork(Map<String, Block> first) {
        Statistics losses = Statistics.of(first.values(), Block::loss);
        if (!(losses.greatest() - losses.least() < SAME_LOSS)) {
            StringBuilder message = new StringBuilder("The contestants don't do the same work; their first losses are");
            first.forEach((name, block) -> message.append(" %s %.3f".formatted(name, block.loss())));
            throw new ContestException(message.toString());
        }
    }

    @Override
    public void close() {
        contestants.values().forEach(Child::close);
        peak.close();
    }
}
