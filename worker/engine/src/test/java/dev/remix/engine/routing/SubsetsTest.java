package dev.remix.engine.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SubsetsTest {
    private static final Subset A = Subset.of(0, 1);
    private static final Subset B = Subset.of(0, 2);
    private final Subsets subsets = subsets(Map.of(A, 6L, B, 2L));

    @Test
    void loadIsTheShareOfSelectionsThatWentToEachLora() {
        assertThat(subsets.load()).containsExactly(0.5, 0.375, 0.125, 0.0);
    }

    @Test
    void perplexityCountsEquallyFrequentSubsets() {
        assertThat(subsets(Map.of(A, 5L, B, 5L)).perplexity()).isCloseTo(2, within(1e-12));
        assertThat(subsets(Map.of(A, 5L)).perplexity()).isEqualTo(1);
        assertThat(subsets.perplexity()).isBetween(1.0, 2.0);
        assertThat(subsets.distinct()).isEqualTo(2);
    }

    @Test
    void modalIsTheMostFrequentAndOfEqualsTheFirst() {
        assertThat(subsets.modal()).isEqualTo(A);
        assertThat(subsets(Map.of(B, 3L, A, 3L, Subset.of(2, 3), 1L)).modal()).isEqualTo(A);
    }

    @Test
    void windowsAddUp() {
        assertThat(subsets.and(subsets(Map.of(B, 4L, Subset.of(1, 3), 1L))))
                .isEqualTo(subsets(Map.of(A, 6L, B, 6L, Subset.of(1, 3), 1L)));
    }

    @Test
    void readsTheTableOfAllSites() {
        long[] table = {0, 0, 1, 6, 0, 0, 2, 2, 1, 2, 3, 8};
        assertThat(Subsets.perSite(2, 4, 2, table)).containsExactly(subsets, subsets(Map.of(Subset.of(2, 3), 8L)));
    }

    @Test
    void refusesWhatCannotHaveBeenSelected() {
        assertThatThrownBy(() -> subsets(Map.of())).hasMessageContaining("without a selection");
        assertThatThrownBy(() -> subsets(Map.of(A, 1L, Subset.of(3), 1L))).hasMessageContaining("one size");
        assertThatThrownBy(() -> subsets(Map.of(Subset.of(0, 4), 1L))).hasMessageContaining("pool of 4");
        assertThatThrownBy(() -> subsets(Map.of(A, 0L))).hasMessageContaining("Not a count");
        assertThatThrownBy(() -> Subset.of(1, 1)).hasMessageContaining("ascend");
        assertThatThrownBy(() -> Subset.of(-1, 1)).hasMessageContaining("numbered from 0");
        assertThatThrownBy(() -> new Subset(List.of())).hasMessageContaining("at least one");
    }

    private static Subsets subsets(Map<Subset, Long> counts) {
        return new Subsets(4, new TreeMap<>(counts));
    }
}
