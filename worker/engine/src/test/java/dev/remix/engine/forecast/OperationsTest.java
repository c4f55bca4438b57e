package dev.remix.engine.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import org.junit.jupiter.api.Test;

/** Counted by hand for {@link Small}: P = 6 positions of two examples of three, S = 4 learnt, rank 2 on down. */
class OperationsTest {
    private static final double ATTENTION = 2 * 6 * (4 * 8 * 8);
    private static final double SCORES = 2 * (18 + 6) * 8;
    private static final double FEED_FORWARD = 2 * 6 * (3 * 8 * 12);
    private static final double HEAD = 2 * 4 * 8 * 10;
    private static final double ADAPTER = 2 * 6 * 2 * (12 + 8);
    private static final double LAYERS = 2 * (ATTENTION + SCORES + FEED_FORWARD + ADAPTER);

    /** Nothing flows back through the first layer's attention. */
    private static final double BACK = 2 * (FEED_FORWARD + 2 * ADAPTER) + ATTENTION + 2 * SCORES + HEAD;

    @Test
    void ofALora() {
        assertThat(of(Small.LORA, false)).isEqualTo(LAYERS + HEAD + BACK);
    }

    @Test
    void drawsShareWhatLiesBeforeTheFirstSelection() {
        double prefix = ATTENTION + SCORES;
        double forward = LAYERS + HEAD - prefix;
        assertThat(of(Small.remix(new Reinforce(4)), false)).isEqualTo(prefix + 4 * (forward + BACK));
        assertThat(of(Small.remix(new Reinforce(4, AdapterGradient.SINGLE, false, 0, 0)), false))
                .isEqualTo(prefix + 4 * forward + BACK);
    }

    @Test
    void recomputationIsAnotherForwardOfTheLayers() {
        assertThat(of(Small.LORA, true) - of(Small.LORA, false)).isEqualTo(LAYERS);
    }

    private static double of(AdapterSpec adapter, boolean recompute) {
        return new Operations(Small.setting(adapter, recompute)).of(Small.LAYOUT);
    }
}
