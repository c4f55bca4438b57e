package dev.remix.engine.text;

import java.util.List;

/** Examples of one step, padded on the right: a causal model never looks that way. */
public record Batch(List<Example> examples) {
    public Batch {
        examples = List.copyOf(examples);
    }

    /** B. */
    public int size() {
        return examples.size();
    }

    /** T: tokens of the longest. */
    public int width() {
        return examples.stream().mapToInt(Example::length).max().orElse(0);
    }

    /** Tokens that are not padding. */
    public int tokenCount() {
        return examples.stream().mapToInt(Example::length).sum();
    }

    /** Ids, [B·T] row by row. Padding is token 0: it has no weight, and no real position sees it. */
    public long[] tokens() {
        int width = width();
        long[] padded = new long[size() * width];
        for (int b = 0; b < size(); b++) {
            int[] row = examples.get(b).tokens();
            for (int t = 0; t < row.length; t++) {
                padded[b * width + t] = row[t];
            }
        }
        return padded;
    }

    /** Weights of the tokens as targets, [B·T] row by row, 0 on padding. */
    public float[] weights() {
        int width = width();
        float[] padded = new float[size() * width];
        for (int b = 0; b < size(); b++) {
            float[] row = examples.get(b).weights();
            System.arraycopy(row, 0, padded, b * width, row.length);
        }
        return padded;
    }

    /** Tokens of each prompt, [B]. */
    public int[] promptLengths() {
        return examples.stream().mapToInt(Example::promptLength).toArray();
    }
}
