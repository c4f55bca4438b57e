package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharesTest {
    private static final int ALL = Integer.MAX_VALUE;

    private final Batch batch = new Batch(TinyModel.examples(23, 4));

    @ParameterizedTest
    @CsvSource({"1, 1000", "1, 20", "2, 1000", "2, 30", "3, 1", "7, 40"})
    void holdEveryExampleOnceAndKeepItsPlaceInTheStep(int devices, int microBatchTokens) {
        List<Example> found = new ArrayList<>();
        for (List<Batch> share : Shares.of(batch, devices, microBatchTokens)) {
            for (Batch part : share) {
                assertThat(part.offset()).isEqualTo(found.size());
                found.addAll(part.examples());
            }
        }
        assertThat(found).containsExactlyElementsOf(batch.examples());
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "5"})
    void areOfAboutTheSameNumberOfTokens(int devices) {
        List<List<Batch>> shares = Shares.of(batch, devices, ALL);
        assertThat(shares).hasSize(devices).allSatisfy(share -> {
            int tokens = share.stream().mapToInt(Batch::tokenCount).sum();
            assertThat(tokens * devices).isBetween(batch.tokenCount() * 7 / 10, batch.tokenCount() * 13 / 10);
        });
    }

    @Test
    void areCutIntoPartsThatDoNotExceedTheBound() {
        assertThat(Shares.of(batch, 2, 30))
                .allSatisfy(share -> assertThat(share)
                        .hasSizeGreaterThan(1)
                        .allSatisfy(part -> assertThat(part.tokenCount()).isLessThanOrEqualTo(30)));
    }

    @Test
    void areFewerWhereThereAreFewerExamplesThanDevices() {
        assertThat(Shares.of(new Batch(TinyModel.examples(2, 1)), 5, ALL)).hasSize(2);
    }

    @Test
    void leaveNoDeviceIdleBehindOneLongExample() {
        Example longest = new Example(new int[40], weights(40), 1);
        Example brief = new Example(new int[3], weights(3), 1);
        assertThat(Shares.of(new Batch(List.of(brief, brief, longest)), 3, ALL)).hasSize(3);
        assertThat(Shares.of(new Batch(List.of(longest, longest, brief)), 3, ALL))
                .hasSize(3);
    }

    private static float[] weights(int length) {
        float[] weights = new float[length];
        weights[length - 1] = 1;
        return weights;
    }
}
