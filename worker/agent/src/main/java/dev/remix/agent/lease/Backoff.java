package dev.remix.agent.lease;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubling from {@code first} to {@code longest}, each wait drawn from its upper half
 * so that the workers of a service that comes back don't all call in the same moment.
 */
public record Backoff(Duration first, Duration longest, RandomGenerator random) {
    private static final int DOUBLINGS = 20;

    public static Backoff standard(RandomGenerator random) {
        return new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), random);
    }

    public Duration after(int failures) {
        long doubled = first.toMillis() << Math.min(failures, DOUBLINGS);
        long bounded = Math.min(doubled, longest.toMillis());
        return Duration.ofMillis(bounded / 2 + random.nextLong(bounded / 2 + 1));
    }
}
