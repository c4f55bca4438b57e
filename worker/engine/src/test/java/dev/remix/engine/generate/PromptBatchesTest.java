package dev.remix.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptBatchesTest {
    @Test
    void promptsOfLikeLengthShareABatchUpToTheMostColumns() {
        assertThat(batches(24, 3, 9, 2, 4)).containsExactly(List.of(2, 0, 3), List.of(1));
        assertThat(batches(23, 3, 9, 2, 4)).containsExactly(List.of(2, 0), List.of(3), List.of(1));
    }

    @Test
    void aPromptThatNeedsMoreIsABatchByItself() {
        assertThat(batches(5, 30, 2)).containsExactly(List.of(1), List.of(0));
    }

    @Test
    void noPromptsAreNoBatch() {
        assertThat(batches(5)).isEmpty();
    }

    private static List<List<Integer>> batches(long most, int... lengths) {
        List<int[]> prompts = Arrays.stream(lengths).mapToObj(int[]::new).toList();
        return PromptBatches.of(
                prompts, IntStream.generate(() -> 4).limit(lengths.length).toArray(), most);
    }
}
