package dev.remix.engine.text;

/**
 * One conversation as a model reads it.
 *
 * <p>The arrays are shared, not copied, because a data set holds many; nobody writes to them.
 *
 * @param tokens ids, [T]; the last one is learnt, as nothing after it can change a loss
 * @param weights of each token as a target, [T]: above 0 on an assistant's content and on its end of turn
 * @param promptLength tokens before the first learnt one, at least 1; what sequence routing reads
 */
@SuppressWarnings("ArrayRecordComponent")
public record Example(int[] tokens, float[] weights, int promptLength) {
    public Example {
        if (tokens.length != weights.length || promptLength < 1 || promptLength >= tokens.length) {
            throw new IllegalArgumentException("an example needs a prompt and an answer");
        }
    }

    public int length() {
        return tokens.length;
    }
}
