package dev.remix.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GreedyDecoderTest {
    private static final int VOCABULARY = 50;
    private static final int NO_END = VOCABULARY + 1;
    private static final DecoderConfig GROUPED_QUERIES =
            new DecoderConfig(VOCABULARY, 32, 48, 3, 4, 2, 8, 40, 1e-5, 10_000, false);

    private final Compute compute = Compute.cpu();
    private final Decoder decoder = Decoder.initialise(compute, GROUPED_QUERIES, 11);
    private final Script whole = Script.load(compute, "whole");
    private final List<int[]> prompts = prompts(6);

    @AfterEach
    void free() {
        whole.close();
        decoder.close();
        compute.close();
    }

    @Test
    void theCacheChangesNoTokenOfTheBase() {
        assertThat(ofBase(prompts, 12, NO_END)).containsExactlyElementsOf(withoutCache(prompts));
    }

    @Test
    void theCacheChangesNoTokenWithALora() {
        AdapterSpec.Lora spec = new AdapterSpec.Lora(3, 32, Scaling.LORA, Set.of(Target.UP_PROJ));
        try (Adapter adapter = random(spec);
                GreedyDecoder greedy = GreedyDecoder.of(compute, decoder, adapter)) {
            List<int[]> expected = prompts.stream()
                    .map(prompt -> extend(
                            prompt,
                            row -> adapter.bind(decoder.bind(whole.call("lora").with("tokens", row)))))
                    .toList();
            assertThat(greedy.answer(prompts, 12, NO_END)).containsExactlyElementsOf(expected);
            assertThat(expected).isNotEqualTo(withoutCache(prompts));
        }
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void theCacheChangesNoTokenWithAMixture(Routing routing) {
        AdapterSpec.Remix spec = new AdapterSpec.Remix(
                5, 2, 3, 2, 32, Scaling.RSLORA, routing, Set.of(Target.GATE_PROJ, Target.DOWN_PROJ), 1);
        Shape silence = routing == Routing.SEQUENCE ? new Shape(1, 3, 1, 5) : new Shape(1, 3, 1, 1, 5);
        try (Adapter adapter = random(spec);
                NDManager scope = compute.scope();
                GreedyDecoder greedy = GreedyDecoder.of(compute, decoder, adapter)) {
            NDArray noise = scope.zeros(silence);
            List<int[]> expected = prompts.stream()
                    .map(prompt -> extend(
                            prompt,
                            row -> adapter.bind(decoder.bind(whole.call("remix").with("tokens", row)))
                                    .with("prompts", row.getManager().create(new long[] {prompt.length}))
                                    .with("noise", noise)))
                    .toList();
            assertThat(greedy.answer(prompts, 12, NO_END)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void anAnswerEndsBeforeItsEndOfTurn() {
        int[] long12 = withoutCache(prompts).getFirst();
        int end = long12[5];
        int first =
                IntStream.range(0, 12).filter(i -> long12[i] == end).findFirst().orElseThrow();
        assertThat(ofBase(prompts.subList(0, 1), 12, end).getFirst()).containsExactly(Arrays.copyOf(long12, first));
    }

    @Test
    void generationStopsWhereTheContextEnds() {
        int[] prompt = new Random(3).ints(37, 0, VOCABULARY).toArray();
        assertThat(ofBase(List.of(prompt), 12, NO_END).getFirst()).hasSize(3);
    }

    private List<int[]> ofBase(List<int[]> questions, int newTokens, int end) {
        try (GreedyDecoder greedy = GreedyDecoder.of(compute, decoder)) {
            return greedy.answer(questions, newTokens, end);
        }
    }

    /** Of three lengths, so that they come back in order only if somebody sees to it. */
    private static List<int[]> prompts(int count) {
        Random random = new Random(7);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(5 + 2 * (i % 3), 0, VOCABULARY).toArray())
                .toList();
    }

    /** An adapter that is far from the identity, as a trained one is. */
    private Adapter random(AdapterSpec spec) {
        Random random = new Random(5);
        NDManager scope = compute.scope();
        try (Adapter shapes = Adapter.initialise(compute, GROUPED_QUERIES, spec, 1)) {
            return new Adapter(
                    spec,
                    GROUPED_QUERIES,
                    scope,
                    like(shapes.factors(), scope, random),
                    like(shapes.routers(), scope, random));
        }
    }

    private static List<NDArray> like(List<NDArray> arrays, NDManager scope, Random random) {
        return arrays.stream()
                .map(array -> {
                    float[] values = new float[Math.toIntExact(array.size())];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) (0.3 * random.nextGaussian());
                    }
                    return scope.create(values, array.getShape());
                })
                .toList();
    }

    private List<int[]> withoutCache(List<int[]> questions) {
        return questions.stream()
                .map(prompt ->
                        extend(prompt, row -> decoder.bind(whole.call("base").with("tokens", row))))
                .toList();
    }

    /** The prompt's answer of twelve tokens, each from a pass over everything before it. */
    private int[] extend(int[] prompt, NextToken next) {
        long[] tokens = Arrays.copyOf(Arrays.stream(prompt).asLongStream().toArray(), prompt.length + 12);
        for (int t = prompt.length; t < tokens.length; t++) {
            try (NDManager scope = compute.scope()) {
                NDArray row = scope.create(Arrays.copyOf(tokens, t), new Shape(1, t));
                tokens[t] = next.after(row).infer(scope).singletonOrThrow().getLong();
            }
        }
        return Arrays.stream(tokens, prompt.length, tokens.length)
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @FunctionalInterface
    private interface NextToken {
        ScriptCall after(NDArray row);
    }
}
