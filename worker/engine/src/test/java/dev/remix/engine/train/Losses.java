package dev.remix.engine.train;

import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import java.util.Arrays;

/** Losses of a batch's learnt positions, summed in the plainest way. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Losses(Batch batch, double[] nats, int draws) {

    /** [B] */
    double[] ofExamples(int draw) {
        double[] sums = new double[batch.size()];
        int row = 0;
        for (int b = 0; b < batch.size(); b++) {
            Example example = batch.examples().get(b);
            for (int t = 1; t < example.length(); t++) {
                if (example.weights()[t] != 0) {
                    sums[b] += nats[draw * nats.length / draws + row++] * example.weights()[t];
                }
            }
        }
        return sums;
    }

    /** From each position on to the end of its example: [P] */
    double[] toGo(int draw) {
        double[] sums = new double[batch.positions()];
        int row = 0;
        int from = 0;
        for (Example example : batch.examples()) {
            for (int t = 1; t < example.length(); t++) {
                if (example.weights()[t] != 0) {
                    double loss = nats[draw * nats.length / draws + row++] * example.weights()[t];
                    for (int before = 0; before < t; before++) {
                        sums[from + before] += loss;
                    }
                }
            }
            from += example.length() - 1;
        }
        return sums;
    }

    double weightOfExample(int b) {
        float[] weights = batch.examples().get(b).weights();
        double sum = 0;
        for (float weight : Arrays.copyOfRange(weights, 1, weights.length)) {
            sum += weight;
        }
        return sum;
    }
}
