package dev.remix.bench.work;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The examples of one block, batched in two orders, so that every contestant computes on the same tokens in every block.
 *
 * <p>Grouped batches are as Hugging Face's trainer groups by length: {@value #WINDOW} batches of random examples are sorted
 * by length and cut. Of those the block has a few, evenly spread over the lengths.
 *
 * @param grouped indices of each batch's examples, batches of neighbours in length
 * @param random the same examples, in random order
 */
public record Workload(List<Item> examples, List<List<Integer>> grouped, List<List<Integer>> random) {
    private static final int WINDOW = 50;

    /** Share of an example that is answer. */
    private static final double LEARNT = 0.4;

    /** Token ids below are the control tokens of the shipped tokenizer. */
    private static final int FIRST_TEXT = 6;

    /**
     * @param prompt tokens before the first learnt one
     */
    public record Item(List<Integer> tokens, int prompt) {
        public Item {
            tokens = List.copyOf(tokens);
        }

        public int length() {
            return tokens.size();
        }

        public int learnt() {
            return length() - prompt;
        }
    }

    public Workload {
        examples = List.copyOf(examples);
        grouped = List.copyOf(grouped);
        random = List.copyOf(random);
    }

    public static Workload draw(Size size, int vocabulary, long seed) {
        Random random = new Random(seed);
        int batchSize = size.batchSize();
        List<Integer> lengths = size.lengths()
                .draw(random)
                .limit((long) WINDOW * batchSize)
                .sorted()
                .boxed()
                .toList();
        List<Item> examples = new ArrayList<>();
        for (int i = 0; i < size.batches(); i++) {
            int batch = (2 * i + 1) * WINDOW / (2 * size.batches());
            for (int length : lengths.subList(batch * batchSize, (batch + 1) * batchSize)) {
                examples.add(item(length, vocabulary, random));
            }
        }
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, examples.size()).boxed().toList());
        List<List<Integer>> grouped = cut(order, batchSize);
        Collections.shuffle(order, random);
        return new Workload(examples, grouped, cut(order, batchSize));
    }

    private static Item item(int length, int vocabulary, Random random) {
        List<Integer> tokens =
                random.ints(length, FIRST_TEXT, vocabulary).boxed().toList();
        return new Item(tokens, Math.max(1, (int) Math.round((1 - LEARNT) * length)));
    }

    private static List<List<Integer>> cut(List<Integer> order, int batchSize) {
        List<List<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < order.size(); from += batchSize) {
            batches.add(List.copyOf(order.subList(from, Math.min(from + batchSize, order.size()))));
        }
        return batches;
    }

    public static Workload read(Path file) {
        return JsonMapper.shared().readValue(file, Workload.class);
    }

    public void write(Path file) {
        JsonMapper.shared().writeValue(file, this);
    }

    public int tokens() {
        return examples.stream().mapToInt(Item::length).sum();
    }
}
