package dev.remix.engine.generate;

import static dev.remix.engine.generate.SmallModels.CAPPED;
import static dev.remix.engine.generate.SmallModels.PLAIN;
import static dev.remix.engine.generate.SmallModels.WINDOWS;
import static dev.remix.engine.generate.SmallModels.adapter;
import static dev.remix.engine.generate.SmallModels.prompts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.generate.Generated.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratorTest {
    private static final int NEW_TOKENS = 10;
    private static final AdapterSpec NONE = new AdapterSpec.FullParameters();

    private final Compute compute = Compute.cpu();

    @AfterEach
    void free() {
        compute.close();
    }

    /** Prompts of four lengths in one call, so that caches have gaps. */
    @ParameterizedTest
    @MethodSource("kinds")
    void theCacheChangesNoToken(AdapterSpec kind) {
        assertSameAsWithoutCache(PLAIN, kind);
    }

    static Stream<Arguments> kinds() {
        return SmallModels.adapters().entrySet().stream()
                .map(kind -> Arguments.of(Named.of(kind.getKey(), kind.getValue())));
    }

    @Test
    void theCacheChangesNoTokenBehindWindowsAndCaps() {
        AdapterSpec byToken = SmallModels.remix(new Pool(5, Routing.TOKEN, Routers.BLOCK, 1));
        assertSameAsWithoutCache(WINDOWS, NONE);
        assertSameAsWithoutCache(WINDOWS, byToken);
        assertSameAsWithoutCache(CAPPED, NONE);
    }

    private void assertSameAsWithoutCache(DecoderConfig config, AdapterSpec spec) {
        try (Decoder decoder = Decoder.initialise(compute, config, 11);
                Adapter adapter = adapter(compute, decoder, spec);
                WholePass whole = new WholePass(compute, decoder, adapter);
                Generator generator = Generator.of(compute, decoder, adapter)) {
            List<List<Integer>> expected = prompts(5).stream()
                    .map(prompt -> whole.answer(prompt, NEW_TOKENS))
                    .toList();
            assertThat(tokens(generator, prompts(5), greedy())).isEqualTo(expected);
            assertThat(expected.stream().flatMap(List::stream).distinct().count())
                    .isGreaterThan(3);
        }
    }

    /** Alone, together, in batches that a budget cuts, with a stop that ends some of them early. */
    @Test
    void anAnswerDoesNotDependOnItsCompany() {
        try (Decoder decoder = Decoder.initialise(compute, PLAIN, 11);
                Adapter adapter =
                        adapter(compute, decoder, SmallModels.remix(new Pool(5, Routing.SEQUENCE, Routers.BLOCK, 1)));
                Generator wide = Generator.of(compute, decoder, adapter);
                Generator narrow = Generator.of(compute, decoder, adapter, 40)) {
            int stop = tokens(wide, prompts(9), greedy()).get(2).get(3);
            GenerationSettings settings = GenerationSettings.greedy(24, Set.of(stop));
            List<List<Integer>> together = tokens(wide, prompts(9), settings);
            assertThat(tokens(narrow, prompts(9), settings)).isEqualTo(together);
            assertThat(IntStream.range(0, 9)
                            .mapToObj(i -> tokens(wide, prompts(9).subList(i, i + 1), settings)
                                    .getFirst()))
                    .isEqualTo(together);
            assertThat(together.stream().map(List::size).distinct().count()).isGreaterThan(1);
        }
    }

    @Test
    void aSampleIsAFunctionOfSeedPromptAndPlaceAlone() {
        try (Decoder decoder = Decoder.initialise(compute, PLAIN, 11);
                Adapter none = adapter(compute, decoder, NONE);
                Generator generator = Generator.of(compute, decoder, none);
                Generator narrow = Generator.of(compute, decoder, none, 40)) {
            List<List<Integer>> six = tokens(generator, prompts(6), sampled(1));
            assertThat(tokens(generator, prompts(3), sampled(1))).isEqualTo(six.subList(0, 3));
            assertThat(tokens(narrow, prompts(6), sampled(1))).isEqualTo(six);
            assertThat(tokens(generator, prompts(6), sampled(2))).isNotEqualTo(six);
            List<int[]> twice = List.of(prompts(1).getFirst(), prompts(1).getFirst());
            List<List<Integer>> ofTwice = tokens(generator, twice, sampled(1));
            assertThat(ofTwice.getFirst()).isNotEqualTo(ofTwice.getLast());
        }
    }

    @Test
    void streamedPiecesJoinToTheTextAndAreToldTokenByToken() {
        try (Decoder decoder = Decoder.initialise(compute, PLAIN, 11);
                Adapter none = adapter(compute, decoder, NONE);
                Generator generator = Generator.of(compute, decoder, none)) {
            Recording recording = new Recording(prompts(5).size(), Integer.MAX_VALUE);
            List<Generated> answers = generator.generate(prompts(5), greedy(), SmallModels::letters, recording);
            assertThat(answers.stream().map(Generated::tokens)).isEqualTo(tokens(generator, prompts(5), greedy()));
            for (int i = 0; i < answers.size(); i++) {
                assertThat(recording.pieces.get(i)).hasSize(NEW_TOKENS);
                assertThat(String.join("", recording.pieces.get(i)))
                        .isEqualTo(answers.get(i).text());
                assertThat(answers.get(i).end()).isEqualTo(End.LENGTH);
            }
        }
    }

    @Test
    void aCancelledCallKeepsWhatItHas() {
        try (Decoder decoder = Decoder.initialise(compute, PLAIN, 11);
                Adapter none = adapter(compute, decoder, NONE);
                Generator generator = Generator.of(compute, decoder, none)) {
            Recording recording = new Recording(1, 3);
            List<int[]> one = prompts(1);
            Generated answer = generator
                    .generate(one, greedy(), SmallModels::letters, recording)
                    .getFirst();
            assertThat(answer.end()).isEqualTo(End.CANCELLED);
            assertThat(answer.tokens())
                    .isEqualTo(tokens(generator, one, greedy()).getFirst().subList(0, 3));
            assertThat(answer.text()).hasSize(3);
        }
    }

    @Test
    void aStopStringEndsTheTextBeforeIt() {
        try (Decoder decoder = Decoder.initialise(compute, PLAIN, 11);
                Adapter none = adapter(compute, decoder, NONE);
                Generator generator = Generator.of(compute, decoder, none)) {
            List<int[]> one = prompts(1);
            String whole = text(generator, one, List.of()).text();
            String stop = whole.substring(4, 6);
            Generated cut = text(generator, one, List.of(stop));
            assertThat(cut.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
            assertThat(cut.end()).isEqualTo(End.STOP);
            assertThat(cut.tokens()).hasSize(whole.indexOf(stop) + 2);
        }
    }

    private static Generated text(Generator generator, List<int[]> prompts, List<String> stops) {
        GenerationSettings settings = new GenerationSettings(NEW_TOKENS, Set.of(), stops, Sampling.GREEDY);
        return generator
                .generate(prompts, settings, SmallModels::letters, GenerationListener.NONE)
                .getFirst();
    }

    @Test
    void anAnswerEndsWhereTheContextDoes() {
        try (Decoder decoder = Decoder.initialise(compute, PLAIN, 11);
                Adapter none = adapter(compute, decoder, NONE);
                Generator generator = Generator.of(compute, decoder, none)) {
            List<int[]> prompts = Stream.of(37, 5, 40)
                    .map(length -> new Random(3).ints(length, 0, 50).toArray())
                    .toList();
            List<Generated> answers =
                    generator.generate(prompts, greedy(), SmallModels::letters, GenerationListener.NONE);
            assertThat(answers.stream().map(answer -> answer.tokens().size())).containsExactly(3, NEW_TOKENS, 0);
            assertThat(answers).allMatch(answer -> answer.end() == End.LENGTH);
            assertThatThrownBy(() -> generator.answer(List.of(new int[41]), 1, 1))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("Prompt 1 has 41 tokens; the model reads 1 to 40.");
        }
    }

    @Test
    void nothingStaysInMemory() {
        try (Decoder decoder = Decoder.initialise(compute, PLAIN, 11);
                Adapter adapter =
                        adapter(compute, decoder, SmallModels.remix(new Pool(5, Routing.SEQUENCE, Routers.BLOCK, 1)));
                Generator generator = Generator.of(compute, decoder, adapter)) {
            int before = compute.liveArrays();
            tokens(generator, prompts(6), sampled(1));
            assertThat(compute.liveArrays()).isEqualTo(before);
        }
    }

    private static GenerationSettings greedy() {
        return GenerationSettings.greedy(NEW_TOKENS, Set.of());
    }

    private static GenerationSettings sampled(long seed) {
        return new GenerationSettings(NEW_TOKENS, Set.of(), List.of(), new Sampling(1, 0.9, seed));
    }

    private static List<List<Integer>> tokens(Generator generator, List<int[]> prompts, GenerationSettings settings) {
        return generator.generate(prompts, settings, _ -> "", GenerationListener.NONE).stream()
                .map(Generated::tokens)
                .toList();
    }

    /** Cancels after some pieces. */
    private static final class Recording implements GenerationListener {
        private final List<List<String>> pieces = new ArrayList<>();
        private final int most;

        Recording(int prompts, int most) {
            this.most = most;
            IntStream.range(0, prompts).forEach(_ -> pieces.add(new ArrayList<>()));
        }

        @Override
        public void onText(int prompt, String piece) {
            pieces.get(prompt).add(piece);
        }

        @Override
        public boolean isCancelled() {
            return pieces.stream().mapToInt(List::size).sum() >= most;
        }
    }
}
