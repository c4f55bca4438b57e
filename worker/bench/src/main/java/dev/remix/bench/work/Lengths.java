package dev.remix.bench.work;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Tokens an example, log-normal as those of instruction data are, cut at both ends.
 *
 * @param sigma deviation of the logarithm
 */
public record Lengths(int median, double sigma, int shortest, int longest) {

    IntStream draw(Random random) {
        return IntStream.generate(() -> {
            double length = median * Math.exp(sigma * random.nextGaussian());
            return Math.clamp(Math.round(length), shortest, longest);
        });
    }
}
