package dev.remix.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    @Test
    void sortInTheOrderOfTheirMakingWithinOneMillisecond() {
        Ids ids = at(NOW, new Random(7));
        String previous = ids.next("file");
        for (int i = 0; i < 1_000; i++) {
            String next = ids.next("file");
            assertThat(next).isGreaterThan(previous);
            previous = next;
        }
    }

    @Test
    void sortByTimeAcrossProcesses() {
        String earlier = at(NOW, new Random(1)).next("file");
        String later = at(NOW.plusMillis(1), new Random(2)).next("file");
        assertThat(later).isGreaterThan(earlier);
    }

    @Test
    void stayInOrderWhenTheRandomPartOverflows() {
        RandomGenerator allOnes = () -> -1L;
        Ids ids = at(NOW, allOnes);
        assertThat(ids.next("file")).isLessThan(ids.next("file"));
    }

    @Test
    void areMadeOfThePrefixAndLowerCaseDigits() {
        assertThat(at(NOW, new Random(3)).next("ftjob")).matches("ftjob-[0-9a-hjkmnp-tv-z]{26}");
    }

    @Test
    void differBetweenProcessesOfTheSameMillisecond() {
        HashSet<String> seen = new HashSet<>();
        for (int seed = 0; seed < 1_000; seed++) {
            seen.add(at(NOW, new Random(seed)).next("file"));
        }
        assertThat(seen).hasSize(1_000);
    }

    private static Ids at(Instant now, RandomGenerator random) {
        return new Ids(Clock.fixed(now, ZoneOffset.UTC), random);
    }
}
