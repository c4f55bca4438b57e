package dev.remix.bench.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theMiddleOfAnOddNumberIsTheMedian() {
        assertThat(of(9.0, 1.0, 2.0).median()).isEqualTo(2);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(of(1.0, 4.0, 2.0, 100.0).median()).isEqualTo(3);
    }

    @Test
    void theEndsAreKept() {
        assertThat(of(9.0, 1.0, 2.0).least()).isEqualTo(1);
        assertThat(of(9.0, 1.0, 2.0).greatest()).isEqualTo(9);
    }

    @Test
    void theSpreadOfFewRoundsIsOfAllOfThem() {
        assertThat(of(8.0, 10.0, 11.0).spread()).isCloseTo(0.3, within(1e-12));
    }

    @Test
    void oneWildRoundOfManyDoesNotCountForTheSpread() {
        assertThat(of(10.0, 10.0, 11.0, 10.0, 10.0, 500.0, 10.0, 1.0).spread()).isCloseTo(0, within(0.11));
    }

    @Test
    void nothingIsKnownOfNoRounds() {
        assertThatThrownBy(StatisticsTest::of).isInstanceOf(IllegalArgumentException.class);
    }

    private static Statistics of(Double... rounds) {
        return Statistics.of(List.of(rounds), Double::doubleValue);
    }
}
