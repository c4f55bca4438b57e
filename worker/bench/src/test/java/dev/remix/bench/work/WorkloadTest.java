package dev.remix.bench.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.bench.work.Workload.Item;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {
    private final Workload workload = Workload.draw(Size.small(8), 8192, 1);

    @Test
    void bothOrdersHaveEveryExampleOnce() {
        assertThat(workload.grouped().stream().flatMap(List::stream))
                .hasSize(32)
                .doesNotHaveDuplicates();
        assertThat(workload.random().stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        workload.grouped().stream().flatMap(List::stream).toList());
        assertThat(workload.random()).isNotEqualTo(workload.grouped());
    }

    @Test
    void groupedBatchesNeedLittlePaddingAndRandomOnesMuch() {
        assertThat(padding(workload.grouped())).isLessThan(0.05);
        assertThat(padding(workload.random())).isGreaterThan(0.3);
    }

    @Test
    void lengthsStayWithinTheirBounds() {
        assertThat(workload.examples())
                .allMatch(item -> item.length() >= 32 && item.length() <= 512)
                .allMatch(item -> item.tokens().stream().allMatch(token -> token >= 6 && token < 8192));
    }

    @Test
    void twoTokensOfFiveAreLearnt() {
        double learnt = workload.examples().stream().mapToInt(Item::learnt).sum();
        assertThat(learnt / workload.tokens()).isBetween(0.39, 0.41);
    }

    @Test
    void aSeedTellsTheSameStory() {
        assertThat(Workload.draw(Size.small(8), 8192, 1)).isEqualTo(workload);
        assertThat(Workload.draw(Size.small(8), 8192, 2)).isNotEqualTo(workload);
    }

    @Test
    void aFileKeepsIt(@TempDir Path directory) {
        workload.write(directory.resolve("workload.json"));
        assertThat(Workload.read(directory.resolve("workload.json"))).isEqualTo(workload);
    }

    /** Share of a padded batch that is padding. */
    private double padding(List<List<Integer>> batches) {
        int padded = 0;
        for (List<Integer> batch : batches) {
            List<Integer> lengths =
                    batch.stream().map(i -> workload.examples().get(i).length()).toList();
            padded += lengths.size() * Collections.max(lengths);
        }
        return 1 - (double) workload.tokens() / padded;
    }
}
