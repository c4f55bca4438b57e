package dev.remix.engine.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.Adapter.Use;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The most probable token after every prompt, and so on until the end of turn.
 *
 * <p>Prompts of one length share a batch, so that no position is padding and none has to be masked; an answer does not depend
 * on which others it was generated with.
 */
public final class GreedyDecoder implements AutoCloseable {
    /** Prompts in one call; the caches of a batch are the most memory that generation takes. */
    private static final int BATCH = 128;

    private final Compute compute;
    private final Decoder decoder;
    private final Adapter adapter;
    private final Script script;

    private GreedyDecoder(Compute compute, Decoder decoder, Adapter adapter) {
        this.compute = compute;
        this.decoder = decoder;
        this.adapter = adapter;
        this.script = Script.load(compute, "generate");
    }

    /** Of a model with an adapter, which may go on being trained in between. Both stay the caller's. */
    public static GreedyDecoder of(Compute compute, Decoder decoder, Adapter adapter) {
        return new GreedyDecoder(compute, decoder, adapter);
    }

    /**
     * Answers in the prompts' order, without their end of turn.
     *
     * @param maxNewTokens an answer that has not ended by then is returned as far as it got
     */
    public List<int[]> answer(List<int[]> prompts, int maxNewTokens, int endOfTurn) {
        Map<Integer, int[]> answers = new HashMap<>();
        for (List<Integer> batch : batches(prompts)) {
            int[][] generated = generate(batch.stream().map(prompts::get).toList(), maxNewTokens, endOfTurn);
            for (int b = 0; b < generated.length; b++) {
                answers.put(batch.get(b), generated[b]);
            }
        }
        return IntStream.range(0, prompts.size()).mapToObj(answers::get).toList();
    }

    private static List<List<Integer>> batches(List<int[]> prompts) {
        Map<Integer, List<Integer>> byLength = new TreeMap<>();
        for (int i = 0; i < prompts.size(); i++) {
            byLength.computeIfAbsent(prompts.get(i).length, length -> new ArrayList<>())
                    .add(i);
        }
        return byLength.values().stream()
                .map(GreedyDecoder::chunks)
                .flatMap(Collection::stream)
                .toList();
    }

    private static List<List<Integer>> chunks(List<Integer> indices) {
        return IntStream.range(0, Math.ceilDiv(indices.size(), BATCH))
                .mapToObj(i -> indices.subList(i * BATCH, Math.min((i + 1) * BATCH, indices.size())))
                .toList();
    }

    private int[][] generate(List<int[]> prompts, int maxNewTokens, int endOfTurn) {
        int length = prompts.getFirst().length;
        long[] ids =
                prompts.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
        try (NDManager scope = compute.scope()) {
            NDArray tokens = scope.create(ids, new Shape(prompts.size(), length));
            NDArray limits = HostArrays.of(scope, (long) maxNewTokens, endOfTurn);
            ScriptCall call = script.call("greedy").with("tokens", tokens).with("limits", limits);
            NDArray generated = adapter.bind(decoder.bind(call), Use.INFERENCE, scope)
                    .with(
                            "noise",
                            scope.zeros(new Shape(1, Math.max(1, adapter.sites().size()), 1, adapter.loras())))
                    .infer(scope)
                    .singletonOrThrow();
            return rows(generated.toLongArray(), prompts.size(), endOfTurn);
        }
    }

    private static int[][] rows(long[] generated, int count, int endOfTurn) {
        int width = generated.length / count;
        return IntStream.range(0, count)
                .mapToObj(b -> Arrays.stream(generated, b * width, (b + 1) * width)
                        .takeWhile(token -> token != endOfTurn)
                        .mapToInt(Math::toIntExact)
                        .toArray())
                .toArray(int[][]::new);
    }

    @Override
    public void close() {
        script.close();
    }
}
