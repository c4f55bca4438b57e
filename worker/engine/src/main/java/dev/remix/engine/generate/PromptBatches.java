package dev.remix.engine.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which prompts are answered together: as many as the cache may have columns for, of like lengths. */
final class PromptBatches {
    private PromptBatches() {}

    /**
     * Places of prompts, the shorter ones first. A batch's cache has columns for its longest prompt and the new tokens, in a row
     * for each prompt.
     *
     * @param limits most new tokens of each
     * @param most columns of all rows together; a prompt that needs more is a batch by itself
     */
    static List<List<Integer>> of(List<int[]> prompts, int[] limits, long most) {
        List<Integer> ascending = IntStream.range(0, prompts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
                .toList();
        List<List<Integer>> batches = new ArrayList<>();
        List<Integer> batch = new ArrayList<>();
        for (int i : ascending) {
            batch.add(i);
            // The shortest prompt, which comes first, leaves most room for an answer.
            long columns = (long) prompts.get(i).length + limits[batch.getFirst()];
            if (batch.size() > 1 && batch.size() * columns > most) {
                batches.add(List.copyOf(batch.subList(0, batch.size() - 1)));
                batch = new ArrayList<>(List.of(i));
            }
        }
        if (!batch.isEmpty()) {
            batches.add(List.copyOf(batch));
        }
        return batches;
    }
}
