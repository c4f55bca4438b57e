package dev.remix.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimTest {
    @Test
    void theBoundItselfIsEnough() {
        assertThat(Claim.atLeast(2.5, "speed", 2.5, 7).holds()).isTrue();
        assertThat(Claim.atLeast(2.5, "speed", 2.49, 7).holds()).isFalse();
        assertThat(Claim.atMost(2.3, "step", 2.3, 7).holds()).isTrue();
        assertThat(Claim.atMost(2.3, "step", 2.31, 7).holds()).isFalse();
    }

    @Test
    void nothingIsClaimedByAFigureThatIsNoNumber() {
        assertThat(Claim.atLeast(1, "speed", Double.NaN, 7).holds()).isFalse();
        assertThat(Claim.atMost(1, "step", Double.NaN, 7).holds()).isFalse();
    }

    @Test
    void theTableSaysWhatDoesNotHold() {
        String table = Claim.table(List.of(Claim.atLeast(1.8, "speed", 2, 7), Claim.atMost(1, "memory", 1.234, 7)));
        assertThat(table.lines())
                .containsExactly(
                        "| claim  | bound         | measured | by CPU | holds |",
                        "|--------|---------------|----------|--------|-------|",
                        "| speed  | at least 1.80 | 2.00     | 7.00   | yes   |",
                        "| memory | at most 1.00  | 1.23     | 7.00   | NO    |");
    }
}
