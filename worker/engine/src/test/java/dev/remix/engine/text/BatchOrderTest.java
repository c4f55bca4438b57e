package dev.remix.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
    private static final List<Example> EXAMPLES = examples(1003);

    @Test
    void everyExampleComesOnceAnEpoch() {
        BatchOrder order = new BatchOrder(EXAMPLES, 16, 5);
        List<List<Integer>> batches = order.epoch(3);
        assertThat(batches).hasSize(order.batchesPerEpoch()).hasSize(63);
        assertThat(batches.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 1003).boxed().toList());
    }

    @Test
    void theOrderDependsOnSeedAndEpochAlone() {
        List<List<Integer>> third = new BatchOrder(EXAMPLES, 16, 5).epoch(3);
        BatchOrder again = new BatchOrder(EXAMPLES, 16, 5);
        assertThat(again.epoch(7)).isNotEqualTo(third);
        assertThat(again.epoch(3)).isEqualTo(third);
        assertThat(new BatchOrder(EXAMPLES, 16, 6).epoch(3)).isNotEqualTo(third);
    }

    @Test
    void neighboursInLengthShareABatch() {
        int padded = padded(new BatchOrder(EXAMPLES, 16, 5).epoch(0).stream());
        int unsorted = padded(IntStream.range(0, 62)
                .mapToObj(b -> IntStream.range(16 * b, 16 * b + 16).boxed().toList()));
        assertThat(padded).isLessThan(unsorted * 3 / 4);
    }

    private static int padded(Stream<List<Integer>> batches) {
        return batches.mapToInt(batch -> batch.size()
                        * batch.stream()
                                .mapToInt(i -> EXAMPLES.get(i).length())
                                .max()
                                .orElseThrow())
                .sum();
    }

    private static List<Example> examples(int count) {
        Random random = new Random(1);
        return IntStream.range(0, count)
                .mapToObj(i -> new int[10 + random.nextInt(90)])
                .map(tokens -> new Example(tokens, new float[tokens.length], 1))
                .toList();
    }
}
