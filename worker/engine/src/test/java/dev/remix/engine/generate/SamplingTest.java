package dev.remix.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** First tokens of one prompt, asked for many times at once, against the exact probabilities. */
class SamplingTest {
    private static final int SAMPLES = 10_000;
    private static final int[] PROMPT = SmallModels.prompts(1).getFirst();

    private final Compute compute = Compute.cpu();
    private final Decoder decoder = Decoder.initialise(compute, SmallModels.PLAIN, 11);
    private final Adapter none = Adapter.none(compute, decoder);
    private final Generator generator = Generator.of(compute, decoder, none);

    @AfterEach
    void free() {
        generator.close();
        none.close();
        decoder.close();
        compute.close();
    }

    /** Chi-square has mean d and variance 2d; half as sharp a law again is told apart at once. */
    @ParameterizedTest
    @CsvSource({"1, 1", "0.5, 1", "2, 1", "1, 0.7", "0.8, 0.3", "1e6, 1"})
    void samplesFollowTheProbabilities(double temperature, double topP) {
        int[] counts = counts(new Sampling(temperature, topP, 3));
        double[] expected = kept(probabilities(temperature), topP);
        double degrees =
                IntStream.range(0, expected.length).filter(i -> expected[i] > 0).count() - 1;
        assertThat(chiSquare(counts, expected)).isLessThan(degrees + 5 * Math.sqrt(2 * degrees));
        double[] other = kept(probabilities(temperature > 1e5 ? 1 : 1.5 * temperature), 1);
        assertThat(chiSquare(counts, other)).isGreaterThan(degrees + 20 * Math.sqrt(2 * degrees));
    }

    @Test
    void nothingIsDrawnBeyondTheMass() {
        int[] counts = counts(new Sampling(1, 0.5, 4));
        double[] kept = kept(probabilities(1), 0.5);
        assertThat(IntStream.range(0, kept.length).filter(i -> kept[i] == 0).map(i -> counts[i]))
                .hasSizeGreaterThan(20)
                .containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"1e-9, 1", "1e-300, 1", "1, 1e-12"})
    void atEitherLimitTheMostProbableTokenIsLeft(double temperature, double topP) {
        Sampling sampling = new Sampling(temperature, topP, 5);
        assertThat(answers(sampling, 8, 3)).isEqualTo(answers(Sampling.GREEDY, 8, 3));
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThatThrownBy(() -> new Sampling(-1, 1, 0))
                .isInstanceOf(EngineException.class)
                .hasMessage("sampling: temperature is -1.0, not 0 or a positive number.");
        assertThatThrownBy(() -> new Sampling(1, 0, 0))
                .isInstanceOf(EngineException.class)
                .hasMessage("sampling: top_p is 0.0, not above 0 and at most 1.");
    }

    private int[] counts(Sampling sampling) {
        int[] counts = new int[SmallModels.VOCABULARY];
        answers(sampling, 1, SAMPLES).forEach(answer -> counts[answer.getFirst()]++);
        return counts;
    }

    private List<List<Integer>> answers(Sampling sampling, int newTokens, int count) {
        GenerationSettings settings = new GenerationSettings(newTokens, Set.of(), List.of(), sampling);
        return generator
                .generate(Collections.nCopies(count, PROMPT), settings, _ -> "", GenerationListener.NONE)
                .stream()
                .map(Generated::tokens)
                .toList();
    }

    private double[] probabilities(double temperature) {
        try (WholePass whole = new WholePass(compute, decoder, none)) {
            float[] logits = whole.logits(PROMPT, PROMPT.length);
            double[] weights = IntStream.range(0, logits.length)
                    .mapToDouble(i -> Math.exp(logits[i] / temperature))
                    .toArray();
            return normalised(weights);
        }
    }

    /** The most probable until their mass reaches the share, scaled to 1. */
    private static double[] kept(double[] probabilities, double topP) {
        List<Integer> ranked = IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
                .toList();
        double[] kept = new double[probabilities.length];
        double mass = 0;
        for (int i : ranked) {
            if (mass < topP) {
                kept[i] = probabilities[i];
                mass += probabilities[i];
            }
        }
        return normalised(kept);
    }

    private static double[] normalised(double[] weights) {
        double sum =
                IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).sum();
        return IntStream.range(0, weights.length)
                .mapToDouble(i -> weights[i] / sum)
                .toArray();
    }

    private static double chiSquare(int[] counts, double[] expected) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double mean = SAMPLES * expected[i];
            sum += expected[i] == 0 ? counts[i] : (counts[i] - mean) * (counts[i] - mean) / mean;
        }
        return sum;
    }
}
