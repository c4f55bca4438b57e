package dev.remix.engine.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import org.junit.jupiter.api.Test;

/** Numbers of {@link Small}, four bytes each, at six positions. */
class KeptTest {
    private static final long INNER = 12;
    private static final long RANKS = 2;

    @Test
    void nothingIsKeptBeforeTheFirstLora() {
        assertThat(new Kept(Small.setting(Small.LORA, false), Small.LAYOUT).of(0))
                .isEqualTo(4 * 6 * (INNER + RANKS));
    }

    @Test
    void aLaterLayerKeepsWhatItsGradientNeeds() {
        long state = 8;
        long queriesKeysValues = 3 * 8;
        long attention = 8 + 2;
        long feedForward = 3 * INNER;
        assertThat(new Kept(Small.setting(Small.LORA, false), Small.LAYOUT).of(1))
                .isEqualTo(4 * 6 * (state + queriesKeysValues + attention + feedForward + INNER + RANKS));
    }

    @Test
    void everyDrawKeepsItsOwnBehindTheFirstSelection() {
        assertThat(drawn(4, 1)).isEqualTo(2 * drawn(2, 1));
        assertThat(drawn(4, 0)).isGreaterThan(drawn(2, 0)).isLessThan(2 * drawn(2, 0));
    }

    private static long drawn(int draws, int layer) {
        return new Kept(Small.setting(Small.remix(new Reinforce(draws)), false), Small.LAYOUT).of(layer);
    }
}
