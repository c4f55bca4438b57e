package dev.remix.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.script.Script;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GreedyDecoderTest {
    private static final int VOCABULARY = 50;
    private static final int NO_END = VOCABULARY + 1;
    private static final DecoderConfig GROUPED_QUERIES =
            new DecoderConfig(VOCABULARY, 32, 48, 3, 4, 2, 8, 40, 1e-5, 10_000, false);

    private final Compute compute = Compute.cpu();
    private final Decoder decoder = Decoder.initialise(compute, GROUPED_QUERIES, 11);
    private final GreedyDecoder greedy = new GreedyDecoder(compute, "plain", decoder::bind);

    @AfterEach
    void free() {
        greedy.close();
        decoder.close();
        compute.close();
    }

    @Test
    void theCacheChangesNoToken() {
        List<int[]> prompts = prompts(6);
        List<int[]> answers = greedy.answer(prompts, 12, NO_END);
        for (int i = 0; i < prompts.size(); i++) {
            assertThat(answers.get(i)).containsExactly(withoutCache(prompts.get(i), 12));
        }
    }

    @Test
    void anAnswerEndsBeforeItsEndOfTurn() {
        int[] prompt = prompts(1).getFirst();
        int[] whole = withoutCache(prompt, 12);
        int end = whole[5];
        int first =
                IntStream.range(0, 12).filter(i -> whole[i] == end).findFirst().orElseThrow();
        assertThat(greedy.answer(List.of(prompt), 12, end).getFirst()).containsExactly(Arrays.copyOf(whole, first));
    }

    @Test
    void generationStopsWhereTheContextEnds() {
        int[] prompt = new Random(3).ints(37, 0, VOCABULARY).toArray();
        assertThat(greedy.answer(List.of(prompt), 12, NO_END).getFirst()).hasSize(3);
    }

    /** Of three lengths, so that they come back in order only if somebody sees to it. */
    private static List<int[]> prompts(int count) {
        Random random = new Random(7);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(5 + 2 * (i % 3), 0, VOCABULARY).toArray())
                .toList();
    }

    private int[] withoutCache(int[] prompt, int newTokens) {
        long[] tokens = Arrays.copyOf(Arrays.stream(prompt).asLongStream().toArray(), prompt.length + newTokens);
        try (Script whole = Script.load(compute, "whole")) {
            for (int t = prompt.length; t < tokens.length; t++) {
                tokens[t] = next(whole, Arrays.copyOf(tokens, t));
            }
        }
        return Arrays.stream(tokens, prompt.length, tokens.length)
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private long next(Script whole, long[] tokens) {
        try (NDManager scope = compute.scope()) {
            NDArray row = scope.create(tokens, new Shape(1, tokens.length));
            return decoder.bind(whole.call("plain").with("tokens", row))
                    .infer(scope)
                    .singletonOrThrow()
                    .getLong();
        }
    }
}
