package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.text.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is random belongs to an example's place in the step, and to nothing that says how the step is computed. */
class StepNoiseTest {
    private static final int SITES = 3;
    private static final int LORAS = 4;
    private static final int DRAWS = 2;
    private static final Batch BATCH = new Batch(TinyModel.examples(9, 6));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofPartsIsThatOfTheWhole(boolean byExample) {
        StepNoise noise = new StepNoise(5, SITES, LORAS, byExample);
        float[] whole = noise.gumbel(7, DRAWS, BATCH);
        List<Batch> parts = BATCH.parts(25);
        assertThat(parts).hasSizeGreaterThan(2);
        int all = byExample ? BATCH.size() : BATCH.positions();
        int from = 0;
        for (Batch part : parts) {
            int own = byExample ? part.size() : part.positions();
            float[] found = noise.gumbel(7, DRAWS, part);
            for (int block = 0; block < DRAWS * SITES; block++) {
                assertThat(Arrays.copyOfRange(found, block * own * LORAS, (block + 1) * own * LORAS))
                        .containsExactly(Arrays.copyOfRange(
                                whole, (block * all + from) * LORAS, (block * all + from + own) * LORAS));
            }
            from += own;
        }
    }

    @Test
    void keysOfPartsAreThoseOfTheWhole() {
        StepNoise noise = new StepNoise(5, SITES, LORAS, true);
        List<Long> keys = new ArrayList<>();
        for (Batch part : BATCH.parts(25)) {
            Arrays.stream(noise.dropoutKeys(7, part)).forEach(keys::add);
        }
        assertThat(noise.dropoutKeys(7, BATCH))
                .containsExactly(keys.stream().mapToLong(Long::longValue).toArray())
                .doesNotHaveDuplicates();
    }

    @Test
    void isAnotherForEverySeedStepDrawSiteAndInput() {
        float[] noise = new StepNoise(5, SITES, LORAS, false).gumbel(7, DRAWS, BATCH);
        float[] ofNext = new StepNoise(5, SITES, LORAS, false).gumbel(8, DRAWS, BATCH);
        float[] ofOther = new StepNoise(6, SITES, LORAS, false).gumbel(7, DRAWS, BATCH);
        long distinct = Stream.of(noise, ofNext, ofOther)
                .flatMap(values -> IntStream.range(0, values.length).mapToObj(i -> values[i]))
                .distinct()
                .count();
        assertThat(distinct).isGreaterThan(3L * noise.length - noise.length / 100);
    }
}
