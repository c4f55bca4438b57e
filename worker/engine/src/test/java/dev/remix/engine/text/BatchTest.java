package dev.remix.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final Example LONG = new Example(new int[] {7, 8, 9, 4}, new float[] {0, 0, 1, 0.5f}, 2);
    private static final Example SHORT = new Example(new int[] {5, 6}, new float[] {0, 1}, 1);
    private static final Example OTHER = new Example(new int[] {3, 2}, new float[] {0, 1}, 1);

    @Test
    void liesFlatAndSortedByLength() {
        Batch batch = new Batch(List.of(LONG, SHORT, OTHER));
        assertThat(batch.tokens()).containsExactly(5, 3, 7, 8, 9);
        assertThat(batch.labels()).containsExactly(6, 2, 8, 9, 4);
        assertThat(batch.places()).containsExactly(0, 0, 0, 1, 2);
        assertThat(batch.exampleIndices()).containsExactly(0, 1, 2, 2, 2);
        assertThat(batch.weights()).containsExactly(1, 1, 0, 1, 0.5f);
        assertThat(batch.promptShares()).containsExactly(1, 1, 0.5f, 0.5f, 0);
        assertThat(batch.rows()).containsExactly(0, 1, 3, 4);
        assertThat(batch.groups()).containsExactly(2, 1, 1, 3);
        assertThat(batch.tokenCount()).isEqualTo(8);
        assertThat(batch.weight()).isEqualTo(3.5);
    }

    @Test
    void partsKeepTheirPlaceInTheStep() {
        Batch batch = new Batch(List.of(LONG, SHORT, OTHER));
        assertThat(batch.parts(5)).containsExactly(new Batch(List.of(SHORT, OTHER), 0), new Batch(List.of(LONG), 2));
        assertThat(batch.parts(1)).hasSize(3);
        assertThat(batch.parts(100)).containsExactly(batch);
    }
}
