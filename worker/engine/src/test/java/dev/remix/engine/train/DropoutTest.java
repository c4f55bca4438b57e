package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.device.Compute;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.script.Script;
import dev.remix.engine.text.Batch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mask of a step's own keys: each bound is five standard deviations of fair and independent coins. */
class DropoutTest {
    private static final int WIDTH = 512;
    private static final double SHARE = 0.3;
    private static final Batch BATCH = new Batch(TinyModel.examples(48, 2));
    private static final StepNoise NOISE = new StepNoise(7, 0, 1, true);

    private final Compute compute = Compute.cpu();
    private final Script script = Script.load(compute, "dropout_probe");

    @AfterEach
    void free() {
        script.close();
        compute.close();
    }

    /** [draws, P, WIDTH] of ones, dropped */
    private float[] dropped(long[] keys, int draws, double share, int target, int layer) {
        try (NDManager scope = compute.scope()) {
            return script.call("dropped")
                    .with("x", scope.ones(new Shape(draws, keys.length, WIDTH)))
                    .with("keys", scope.create(keys))
                    .with("share", HostArrays.of(scope, share))
                    .with("place", HostArrays.of(scope, (long) target, (long) layer))
                    .infer(scope)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    private float[] mask(long step, int target, int layer) {
        return dropped(NOISE.dropoutKeys(step, BATCH), 1, SHARE, target, layer);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.3, 0.5, 0.9})
    void leavesOutItsShareAndScalesTheRest(double share) {
        float[] values = dropped(NOISE.dropoutKeys(1, BATCH), 1, share, 4, 0);
        double zeros =
                IntStream.range(0, values.length).filter(i -> values[i] == 0).count();
        assertThat(zeros / values.length).isCloseTo(share, within(bound(share, values.length)));
        assertThat(IntStream.range(0, values.length).filter(i -> values[i] != 0).mapToObj(i -> values[i]))
                .allSatisfy(value -> assertThat(value).isCloseTo((float) (1 / (1 - share)), within(1e-5f)));
    }

    @Test
    void favoursNoPositionAndNoChannel() {
        float[] values = mask(1, 4, 0);
        int positions = BATCH.positions();
        for (int p = 0; p < positions; p++) {
            int from = p * WIDTH;
            double zeros =
                    IntStream.range(0, WIDTH).filter(c -> values[from + c] == 0).count();
            assertThat(zeros / WIDTH).as("position %d", p).isCloseTo(SHARE, within(bound(SHARE, WIDTH)));
        }
        for (int c = 0; c < WIDTH; c++) {
            int channel = c;
            double zeros = IntStream.range(0, positions)
                    .filter(p -> values[p * WIDTH + channel] == 0)
                    .count();
            assertThat(zeros / positions).as("channel %d", c).isCloseTo(SHARE, within(bound(SHARE, positions)));
        }
    }

    @Test
    void isSharedByTheDraws() {
        long[] keys = NOISE.dropoutKeys(1, BATCH);
        float[] one = dropped(keys, 1, SHARE, 5, 1);
        float[] three = dropped(keys, 3, SHARE, 5, 1);
        for (int i = 0; i < three.length; i++) {
            assertThat(three[i]).isEqualTo(one[i % one.length]);
        }
    }

    @Test
    void differsBetweenLayersProjectionsAndSteps() {
        float[] mask = mask(1, 4, 0);
        assertIndependent(mask, mask(1, 5, 0));
        assertIndependent(mask, mask(1, 4, 1));
        assertIndependent(mask, mask(1, 3, 1));
        assertIndependent(mask, mask(2, 4, 0));
    }

    @Test
    void differsBetweenExamplesAndPositions() {
        float[] mask = mask(1, 4, 0);
        int rows = BATCH.positions() / 2;
        float[] first = Arrays.copyOf(mask, rows * WIDTH);
        float[] second = Arrays.copyOfRange(mask, rows * WIDTH, 2 * rows * WIDTH);
        assertIndependent(first, second);
    }

    /** Of independent masks both leave the same number out, or neither, in p² + (1 - p)² of all places. */
    private static void assertIndependent(float[] one, float[] other) {
        double alike = IntStream.range(0, one.length)
                .filter(i -> (one[i] == 0) == (other[i] == 0))
                .count();
        double expected = SHARE * SHARE + (1 - SHARE) * (1 - SHARE);
        assertThat(alike / one.length).isCloseTo(expected, within(bound(expected, one.length)));
    }

    private static double bound(double share, double count) {
        return 5 * Math.sqrt(share * (1 - share) / count);
    }
}
