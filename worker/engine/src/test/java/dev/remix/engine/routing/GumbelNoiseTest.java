package dev.remix.engine.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GumbelNoiseTest {
    private static final double EULER = 0.5772156649015329;
    private final GumbelNoise noise = new GumbelNoise(7);

    @Test
    void repeatsForTheSameSeedStepDrawAndExample() {
        assertThat(Noises.of(new GumbelNoise(7), 3, 1, 100)).isEqualTo(Noises.of(noise, 3, 1, 100));
    }

    @Test
    void isFoundByItsIndexAlone() {
        assertThat(noise.of(3, 1, 2).at(1_000_000_007L))
                .isEqualTo(noise.of(3, 1, 2).at(1_000_000_007L));
        assertThat(noise.of(3, 1, 2).at(5)).isNotEqualTo(noise.of(3, 1, 2).at(6));
    }

    @Test
    void differsBetweenSeedsStepsDrawsAndExamples() {
        float[] first = of(noise, 3, 1, 4);
        assertUncorrelated(first, of(noise, 3, 2, 4));
        assertUncorrelated(first, of(noise, 4, 1, 4));
        assertUncorrelated(first, of(noise, 3, 1, 5));
        assertUncorrelated(first, of(new GumbelNoise(8), 3, 1, 4));
        assertUncorrelated(Arrays.copyOf(first, 19_999), Arrays.copyOfRange(first, 1, 20_000));
    }

    private static float[] of(GumbelNoise noise, long step, int draw, int example) {
        GumbelNoise.Stream stream = noise.of(step, draw, example);
        return Noises.of(stream, 20_000);
    }

    /** Kolmogorov and Smirnov's distance to exp(−exp(−x)); 1.95/√n is its 0.1 % point. */
    @Test
    void followsTheGumbelLaw() {
        int n = 200_000;
        float[] sorted = Noises.of(noise, 0, 0, n);
        Arrays.sort(sorted);
        double distance = 0;
        for (int i = 0; i < n; i++) {
            double law = Math.exp(-Math.exp(-sorted[i]));
            distance = Math.max(distance, Math.max(law - (double) i / n, (i + 1.0) / n - law));
        }
        assertThat(distance).isLessThan(1.95 / Math.sqrt(n));
    }

    @Test
    void hasTheMeanAndVarianceOfTheLaw() {
        int n = 1_000_000;
        float[] values = Noises.of(noise, 1, 0, n);
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / n;
        assertThat(mean).isCloseTo(EULER, within(0.005));
        assertThat(squares / n - mean * mean).isCloseTo(Math.PI * Math.PI / 6, within(0.02));
    }

    private static void assertUncorrelated(float[] a, float[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) {
            product += (a[i] - EULER) * (b[i] - EULER);
        }
        double correlation = product / a.length / (Math.PI * Math.PI / 6);
        assertThat(correlation).isCloseTo(0, within(4 / Math.sqrt(a.length)));
    }
}
