package dev.remix.engine.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.forecast.Memory.Part;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final Layout WIDE =
            new Layout(List.of(new Layout.Group(30, 400), new Layout.Group(40, 500)), 16_000);

    private static Forecast of(boolean recompute) {
        Forecast.Step step = new Forecast.Step(List.of(WIDE), 32_070);
        return Forecast.of(Small.setting(Small.LORA, recompute), List.of(step, step), 5);
    }

    @Test
    void partsAreThoseOfTheModel() {
        Memory memory = of(false).memory();
        assertThat(memory.bytes())
                .containsEntry(Part.BASE, 4L * (10 * 8 + 2 * (4 * 64 + 3 * 96) + 5 * 8))
                .containsEntry(Part.TRAINED, 4L * 2 * 2 * (12 + 8))
                .containsEntry(Part.MOMENTS, 8L * 2 * 2 * (12 + 8))
                .containsEntry(Part.TABLES, 4L * 16 * 4);
    }

    @Test
    void recomputationLeavesLess() {
        assertThat(of(true).memory().peak()).isLessThan(of(false).memory().peak());
    }

    @Test
    void anUnfinishedEpochCountsInPart() {
        assertThat(of(false).tokens()).isEqualTo(5 * 32_070);
        assertThat(of(false).tokensPerEpoch()).isEqualTo(2 * 32_070);
        assertThat(of(false).duration(of(false).operations() / 60)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void wordsSayWhatIsLargeAndWhatNeedsLess() {
        assertThat(of(false).inWords())
                .matches(
                        "The run needs up to \\d+ MiB \\(program 290 MiB, .*\\); with micro_batch_tokens 1\\d{4} about "
                                + "\\d+ MiB; with recompute about \\d+ MiB\\.");
    }
}
