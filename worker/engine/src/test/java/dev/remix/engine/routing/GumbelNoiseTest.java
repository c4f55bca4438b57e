package dev.remix.engine.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GumbelNoiseTest {
    private static final double EULER = 0.5772156649015329;
    private final GumbelNoise noise = new GumbelNoise(7);

    @Test
    void repeatsForTheSameSeedStepAndDraw() {
        assertThat(new GumbelNoise(7).ofStep(3, 2, 100)).isEqualTo(noise.ofStep(3, 2, 100));
    }

    @Test
    void staysAsItWasWhenMoreIsAskedFor() {
        float[] few = noise.ofStep(3, 1, 10);
        assertThat(Arrays.copyOf(noise.ofStep(3, 1, 1000), 10)).isEqualTo(few);
    }

    @Test
    void differsBetweenSeedsStepsAndDraws() {
        float[] step = noise.ofStep(3, 2, 20_000);
        float[] first = Arrays.copyOf(step, 20_000);
        assertUncorrelated(first, Arrays.copyOfRange(step, 20_000, 40_000));
        assertUncorrelated(first, noise.ofStep(4, 1, 20_000));
        assertUncorrelated(first, new GumbelNoise(8).ofStep(3, 1, 20_000));
        assertUncorrelated(Arrays.copyOf(first, 19_999), Arrays.copyOfRange(first, 1, 20_000));
    }

    /** Kolmogorov and Smirnov's distance to exp(−exp(−x)); 1.95/√n is its 0.1 % point. */
    @Test
    void followsTheGumbelLaw() {
        int n = 200_000;
        float[] sorted = noise.ofStep(0, 1, n);
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
        float[] values = noise.ofStep(1, 4, n / 4);
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
