package dev.remix.engine.generate;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.generate.CachedBatch.Attached;
import dev.remix.engine.script.Script;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Answers prompts with a model and an adapter. Prompts of any lengths share a call; none's answer depends on the others. Routing is
 * the method's: where an example selects once, the prompt's selection holds for the answer, or else each position selects its own
 * most probable LoRAs.
 *
 * <p>One adapter after another can be attached to a model that stays loaded, each by a generator of its own.
 */
public final class Generator implements AutoCloseable {
    /** Columns of a batch's cache, which with the prompts' own positions is the most memory that generation takes. */
    private static final long TOKENS_AT_ONCE = 16_384;

    /** Tokens that are made before anybody looks, where nobody waits for them. */
    private static final int STRIDE = 4;

    private final Attached model;
    private final long tokensAtOnce;

    private Generator(Attached model, long tokensAtOnce) {
        this.model = model;
        this.tokensAtOnce = tokensAtOnce;
    }

    /** Of a model with an adapter, which may go on being trained in between. Both stay the caller's. */
    public static Generator of(Compute compute, Decoder decoder, Adapter adapter) {
        return of(compute, decoder, adapter, TOKENS_AT_ONCE);
    }

    /** @param tokensAtOnce most tokens, of prompts and answers, whose keys and values lie in memory at once */
    public static Generator of(Compute compute, Decoder decoder, Adapter adapter, long tokensAtOnce) {
        return new Generator(new Attached(compute, Script.load(compute, "generate"), decoder, adapter), tokensAtOnce);
    }

    /** The most probable tokens after each prompt, in the prompts' order, without the token that ends an answer. */
    public List<int[]> answer(List<int[]> prompts, int maxNewTokens, int endOfTurn) {
        GenerationSettings settings = GenerationSettings.greedy(maxNewTokens, Set.of(endOfTurn));
        return generate(prompts, settings, _ -> "", GenerationListener.NONE).stream()
                .map(answer ->
                        answer.tokens().stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    /**
     * Answers in the prompts' order.
     *
     * @param detokenizer the text of some tokens that follow each other
     */
    public List<Generated> generate(
            List<int[]> prompts,
            GenerationSettings settings,
            Function<int[], String> detokenizer,
            GenerationListener listener) {
        int[] limits = IntStream.range(0, prompts.size())
                .map(i -> Math.min(settings.maxNewTokens(), room(prompts.get(i), i)))
                .toArray();
        List<Answer> answers = IntStream.range(0, prompts.size())
                .mapToObj(i -> new Answer(
                        limits[i],
                        settings.stopTokens(),
                        new AnswerText(detokenizer, settings.stopStrings(), piece -> listener.onText(i, piece))))
                .toList();
        for (List<Integer> places : PromptBatches.of(prompts, limits, tokensAtOnce)) {
            int newTokens = places.stream().mapToInt(i -> limits[i]).max().orElseThrow();
            List<int[]> ofBatch = places.stream().map(prompts::get).toList();
            try (CachedBatch batch = new CachedBatch(model, ofBatch, newTokens, settings)) {
                List<Answer> toBatch = places.stream().map(answers::get).toList();
                new Decoding(batch, places, toBatch, settings.sampling(), listener)
                        .run(newTokens, stride(settings, listener));
            }
        }
        return answers.stream().map(Answer::generated).toList();
    }

    private static int stride(GenerationSettings settings, GenerationListener listener) {
        boolean nobodyWaits = listener.equals(GenerationListener.NONE)
                && settings.stopStrings().isEmpty();
        return nobodyWaits ? STRIDE : 1;
    }

    /** Positions that the model's context leaves for an answer. */
    private int room(int[] prompt, int place) {
        int positions = model.decoder().config().positions();
        if (prompt.length == 0 || prompt.length > positions) {
            throw new EngineException(
                    Kind.INVALID_DATA,
                    "Prompt %d has %d tokens; the model reads 1 to %d.".formatted(place + 1, prompt.length, positions));
        }
        return positions - prompt.length;
    }

    @Override
    public void close() {
        model.script().close();
    }
}
