package dev.remix.agent.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), new Random(1));

    @Test
    void doublesWithJitterAndStaysWithinItsBound() {
        for (int failures = 0; failures < 100; failures++) {
            long most = Math.min(5_000, 100L << Math.min(failures, 20));
            assertThat(backoff.after(failures).toMillis()).isBetween(most / 2, most);
        }
    }

    @Test
    void workersDoNotComeBackInStep() {
        assertThat(IntStream.range(0, 50).mapToObj(i -> backoff.after(5)).distinct())
                .hasSizeGreaterThan(25);
    }
}
