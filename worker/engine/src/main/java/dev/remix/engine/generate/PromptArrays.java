package dev.remix.engine.generate;

import ai.djl.ndarray.NDManager;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.script.ScriptCall;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Prompts as one flat run of positions, as {@code torchscript/batch.py} has it. */
final class PromptArrays {
    private final List<int[]> prompts;

    /** @param prompts ascending in length */
    PromptArrays(List<int[]> prompts) {
        this.prompts = prompts;
    }

    int longest() {
        return prompts.getLast().length;
    }

    int length(int row) {
        return prompts.get(row).length;
    }

    /** Columns of the cache that lie unused before a prompt. */
    int gap(int row) {
        return longest() - length(row);
    }

    /** Binds {@code tokens, positions, example, prompt, rows, groups}, in that order. */
    ScriptCall bind(ScriptCall call, NDManager scope) {
        return call.with(
                        "tokens",
                        scope.create(prompts.stream()
                                .flatMapToInt(Arrays::stream)
                                .asLongStream()
                                .toArray()))
                .with("positions", scope.create(positions()))
                .with("example", scope.create(examples()))
                .with("prompt", scope.create(shares()))
                .with("rows", scope.create(lastPositions()))
                .with("groups", HostArrays.of(scope, groups()));
    }

    private long[] positions() {
        return prompts.stream()
                .flatMapToLong(prompt -> LongStream.range(0, prompt.length))
                .toArray();
    }

    private long[] examples() {
        return IntStream.range(0, prompts.size())
                .boxed()
                .flatMapToLong(row -> LongStream.generate(() -> row).limit(length(row)))
                .toArray();
    }

    private float[] shares() {
        float[] shares =
                new float[prompts.stream().mapToInt(prompt -> prompt.length).sum()];
        int at = 0;
        for (int[] prompt : prompts) {
            Arrays.fill(shares, at, at + prompt.length, 1f / prompt.length);
            at += prompt.length;
        }
        return shares;
    }

    private long[] lastPositions() {
        long[] ends = prompts.stream().mapToLong(prompt -> prompt.length).toArray();
        Arrays.parallelPrefix(ends, Long::sum);
        return Arrays.stream(ends).map(end -> end - 1).toArray();
    }

    private long[] groups() {
        Map<Integer, Long> counts = prompts.stream()
                .collect(Collectors.groupingBy(prompt -> prompt.length, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .flatMapToLong(group -> LongStream.of(group.getValue(), group.getKey()))
                .toArray();
    }
}
