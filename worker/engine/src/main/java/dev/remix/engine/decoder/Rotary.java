package dev.remix.engine.decoder;

import static dev.remix.engine.decoder.DecoderConfig.require;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Rotation of a head's pairs: pair i of position p turns by {@code p·f_i}, with f_i = theta^(-2i/width) where nothing scales it
 * (arXiv 2104.09864). Scalings as transformers' {@code modeling_rope_utils} computes them.
 *
 * <p>Exponents and frequencies are rounded to float32 where transformers rounds them: a model was trained with those, which at
 * position 100,000 are a thousandth of a turn off the exact ones.
 *
 * @param inverseFrequencies f, one for each pair
 * @param attentionFactor factor on cosine and sine
 */
public record Rotary(List<Double> inverseFrequencies, double attentionFactor) {
    public Rotary {
        require(
                inverseFrequencies.stream().allMatch(Double::isFinite) && Double.isFinite(attentionFactor),
                "rope_scaling gives no finite rotation");
        inverseFrequencies = List.copyOf(inverseFrequencies);
    }

    static Rotary plain(double theta, int width) {
        require(theta > 0, "rope_theta is not positive");
        return of(width / 2, pair -> 1 / (float) Math.pow(theta, 2f * pair / width));
    }

    /** Positions divided by {@code factor}. */
    Rotary linear(double factor) {
        requireFactor(factor);
        return of(inverseFrequencies.size(), i -> inverseFrequencies.get(i) / factor);
    }

    /**
     * Llama 3.1's: long waves are divided by {@code factor}, short ones stay, and between the two it goes over linearly in the
     * number of turns that a wave makes within the first training's context.
     */
    Rotary llama3(double factor, double lowTurns, double highTurns, double context) {
        requireFactor(factor);
        require(lowTurns > 0 && highTurns > lowTurns, "high_freq_factor is not above low_freq_factor");
        require(context > 0, "original_max_position_embeddings is not positive");
        return of(inverseFrequencies.size(), i -> {
            double frequency = inverseFrequencies.get(i);
            double turns = context * frequency / (2 * Math.PI);
            double kept = clamp((turns - lowTurns) / (highTurns - lowTurns));
            return (1 - kept) * frequency / factor + kept * frequency;
        });
    }

    /**
     * YaRN (arXiv 2309.00071): the first pairs stay, the last are divided by {@code factor}, linear in the pair's index between.
     *
     * @param fastTurns turns within {@code context} from which on a pair stays
     * @param slowTurns turns below which it is divided
     * @param whole whether the two ends are rounded outwards to whole pairs
     */
    Rotary yarn(
            double factor,
            double attentionFactor,
            double theta,
            double fastTurns,
            double slowTurns,
            double context,
            boolean whole) {
        requireFactor(factor);
        require(fastTurns > 0 && slowTurns > 0 && theta > 1 && context > 0, "rope_scaling of type yarn is not usable");
        int pairs = inverseFrequencies.size();
        double first = pairWithTurns(fastTurns, theta, context, 2 * pairs);
        double last = pairWithTurns(slowTurns, theta, context, 2 * pairs);
        double low = Math.max(whole ? Math.floor(first) : first, 0);
        double high = Math.min(whole ? Math.ceil(last) : last, 2 * pairs - 1);
        double span = low == high ? 0.001 : high - low;
        Rotary scaled = of(pairs, i -> {
            double divided = clamp((i - low) / span);
            double frequency = inverseFrequencies.get(i);
            return divided * frequency / factor + (1 - divided) * frequency;
        });
        return new Rotary(scaled.inverseFrequencies(), attentionFactor);
    }

    private static double pairWithTurns(double turns, double theta, double context, int width) {
        return width * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private static void requireFactor(double factor) {
        require(factor > 0, "rope_scaling's factor is not positive");
    }

    private static double clamp(double share) {
        return Math.max(0, Math.min(1, share));
    }

    private static Rotary of(int pairs, IntToDoubleFunction frequency) {
        return new Rotary(
                IntStream.range(0, pairs)
                        .mapToObj(pair -> (double) (float) frequency.applyAsDouble(pair))
                        .toList(),
                1);
    }
}
