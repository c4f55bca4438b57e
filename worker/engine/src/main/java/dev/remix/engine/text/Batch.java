package dev.remix.engine.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Examples of one step, or a part of them, laid out as one flat run of positions without padding ({@code torchscript/batch.py}).
 *
 * <p>A position reads one token and predicts the next, so an example has one position less than tokens. Examples lie sorted by
 * length; those of one length make a group, a dense block.
 *
 * @param offset index of the first example in the whole step's order, by which its noise is found
 */
public record Batch(List<Example> examples, int offset) {
    public Batch {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("A batch without examples.");
        }
        examples = examples.stream()
                .sorted(Comparator.comparingInt(Example::length))
                .toList();
    }

    public Batch(List<Example> examples) {
        this(examples, 0);
    }

    /** B. */
    public int size() {
        return examples.size();
    }

    /** P. */
    public int positions() {
        return tokenCount() - size();
    }

    /** Tokens of all examples. */
    public int tokenCount() {
        return examples.stream().mapToInt(Example::length).sum();
    }

    /** Sum of the targets' weights, what a mean loss is divided by. */
    public double weight() {
        double sum = 0;
        for (Example example : examples) {
            for (int t = 1; t < example.length(); t++) {
                sum += example.weights()[t];
            }
        }
        return sum;
    }

    /** The same examples in parts of at most this many tokens, or one example where that has more. */
    public List<Batch> parts(int mostTokens) {
        List<Batch> parts = new ArrayList<>();
        int from = 0;
        int tokens = 0;
        for (int i = 0; i < size(); i++) {
            int length = examples.get(i).length();
            if (i > from && tokens + length > mostTokens) {
                parts.add(new Batch(examples.subList(from, i), offset + from));
                from = i;
                tokens = 0;
            }
            tokens += length;
        }
        parts.add(new Batch(examples.subList(from, size()), offset + from));
        return parts;
    }

    /** What each position reads: [P] */
    public long[] tokens() {
        return positionwise((example, t) -> example.tokens()[t]);
    }

    /** What each position predicts: [P] */
    public long[] labels() {
        return positionwise((example, t) -> example.tokens()[t + 1]);
    }

    /** Places within the examples: [P] */
    public long[] places() {
        return positionwise((example, t) -> t);
    }

    /** Index of each position's example: [P] */
    public long[] exampleIndices() {
        return IntStream.range(0, size())
                .boxed()
                .flatMapToLong(
                        b -> LongStream.generate(() -> b).limit(examples.get(b).length() - 1L))
                .toArray();
    }

    /** Weights of the labels: [P] */
    public float[] weights() {
        float[] weights = new float[positions()];
        int from = 0;
        for (Example example : examples) {
            System.arraycopy(example.weights(), 1, weights, from, example.length() - 1);
            from += example.length() - 1;
        }
        return weights;
    }

    /** 1/length of the prompt at its positions, 0 behind: [P] */
    public float[] promptShares() {
        float[] shares = new float[positions()];
        int from = 0;
        for (Example example : examples) {
            int length = example.promptLength();
            Arrays.fill(shares, from, from + length, 1f / length);
            from += example.length() - 1;
        }
        return shares;
    }

    /** Positions with a weight: [S] */
    public long[] rows() {
        float[] weights = weights();
        return IntStream.range(0, weights.length)
                .filter(position -> weights[position] != 0)
                .asLongStream()
                .toArray();
    }

    /** Count and positions of each group of equally long examples, in turn: [2 G] */
    public long[] groups() {
        List<Long> groups = new ArrayList<>();
        for (int from = 0; from < size(); ) {
            int length = examples.get(from).length();
            int to = from;
            while (to < size() && examples.get(to).length() == length) {
                to++;
            }
            groups.add((long) to - from);
            groups.add(length - 1L);
            from = to;
        }
        return groups.stream().mapToLong(Long::longValue).toArray();
    }

    @FunctionalInterface
    private interface AtPosition {
        long of(Example example, int position);
    }

    private long[] positionwise(AtPosition value) {
        long[] values = new long[positions()];
        int next = 0;
        for (Example example : examples) {
            for (int t = 0; t < example.length() - 1; t++) {
                values[next++] = value.of(example, t);
            }
        }
        return values;
    }
}
