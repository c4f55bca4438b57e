package dev.remix.engine.text;

import java.util.Arrays;

/** Tokens and weights as they grow, piece by piece. */
final class TokenSequence {
    private int[] tokens = new int[128];
    private float[] weights = new float[128];
    private int size;
    private int firstLearnt = -1;
    private int lastLearnt = -1;

    /** @param weight of each of them as a target */
    void append(long[] ids, float weight) {
        reserve(size + ids.length);
        for (long id : ids) {
            tokens[size] = Math.toIntExact(id);
            weights[size] = weight;
            size++;
        }
        if (weight > 0 && ids.length > 0) {
            firstLearnt = firstLearnt < 0 ? size - ids.length : firstLearnt;
            lastLearnt = size - 1;
        }
    }

    private void reserve(int capacity) {
        if (capacity > tokens.length) {
            int grown = Math.max(capacity, 2 * tokens.length);
            tokens = Arrays.copyOf(tokens, grown);
            weights = Arrays.copyOf(weights, grown);
        }
    }

    int[] tokens() {
        return Arrays.copyOf(tokens, size);
    }

    Example toExample() {
        int length = lastLearnt + 1;
        return new Example(Arrays.copyOf(tokens, length), Arrays.copyOf(weights, length), firstLearnt);
    }
}
