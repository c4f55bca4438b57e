package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.remix.engine.train.RunSpec.Schedule;
import org.junit.jupiter.api.Test;

class LearningRateTest {
    @Test
    void risesLinearlyToThePeak() {
        LearningRate rate = new LearningRate(Schedule.COSINE, 0.1, 4, 20);
        assertThat(rate.at(1)).isCloseTo(0.025, within(1e-12));
        assertThat(rate.at(4)).isEqualTo(0.1);
        assertThat(rate.at(5)).isEqualTo(0.1);
    }

    @Test
    void fallsAlongHalfACosine() {
        LearningRate rate = new LearningRate(Schedule.COSINE, 0.1, 4, 20);
        assertThat(rate.at(13)).isCloseTo(0.05, within(1e-12));
        assertThat(rate.at(20)).isBetween(0.0, 0.002);
    }

    @Test
    void fallsInALineOrNotAtAll() {
        assertThat(new LearningRate(Schedule.LINEAR, 0.1, 0, 10).at(6)).isCloseTo(0.05, within(1e-12));
        assertThat(new LearningRate(Schedule.CONSTANT, 0.1, 0, 10).at(10)).isEqualTo(0.1);
    }
}
