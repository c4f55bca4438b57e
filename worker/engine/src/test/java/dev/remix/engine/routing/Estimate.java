package dev.remix.engine.routing;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What many independent gradients say about an estimator.
 *
 * @param exact the gradient of the expected loss
 * @param mean of the gradients
 * @param variances of one gradient, each component by itself
 * @param count of the gradients
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Estimate(double[] exact, double[] mean, double[] variances, long count) {

    /** Sums up gradients as they come. */
    public static final class Collector {
        private final double[] sums;
        private final double[] squares;
        private long count;

        public Collector(int size) {
            sums = new double[size];
            squares = new double[size];
        }

        /** @param gradients several, one after the other */
        public void add(double[] gradients) {
            for (int i = 0; i < gradients.length; i++) {
                sums[i % sums.length] += gradients[i];
                squares[i % sums.length] += gradients[i] * gradients[i];
            }
            count += gradients.length / sums.length;
        }

        public Estimate against(double[] exact) {
            double[] mean = Arrays.stream(sums).map(sum -> sum / count).toArray();
            double[] variances = IntStream.range(0, mean.length)
                    .mapToDouble(i -> squares[i] / count - mean[i] * mean[i])
                    .toArray();
            return new Estimate(exact, mean, variances, count);
        }
    }

    /** The largest distance of a component's mean to the exact one, in standard errors. */
    public double worstDeviation() {
        return IntStream.range(0, exact.length)
                .mapToDouble(i -> Math.abs(mean[i] - exact[i]) / Math.sqrt(variances[i] / count))
                .max()
                .orElseThrow();
    }

    /** The largest component of the exact gradient, in standard errors: how much the check can tell apart. */
    public double strongestSignal() {
        return IntStream.range(0, exact.length)
                .mapToDouble(i -> Math.abs(exact[i]) / Math.sqrt(variances[i] / count))
                .max()
                .orElseThrow();
    }

    /** The same estimator times the factor that brings its mean closest to the exact gradient: only direction is left. */
    public Estimate bestScaled() {
        double factor = dot(mean, exact) / dot(mean, mean);
        return new Estimate(exact, scaled(mean, factor), scaled(variances, factor * factor), count);
    }

    /** Trace of the covariance of one gradient. */
    public double variance() {
        return Arrays.stream(variances).sum();
    }

    private static double[] scaled(double[] values, double factor) {
        return Arrays.stream(values).map(value -> value * factor).toArray();
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
