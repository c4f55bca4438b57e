package dev.remix.engine.generate;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.routing.SplitMix;

/**
 * How the next token is taken from its probabilities; {@code torchscript/sampling.py} has the rule.
 *
 * @param temperature logits are divided by it; 0 takes the most probable token
 * @param topP only the most probable tokens that together have this share of the mass are drawn from
 * @param seed a token is a pure function of (seed, place of the prompt in the call, place in the answer) and the probabilities
 */
public record Sampling(double temperature, double topP, long seed) {
    /** Always the most probable token. */
    public static final Sampling GREEDY = new Sampling(0, 1, 0);

    public Sampling {
        require(
                temperature >= 0 && Double.isFinite(temperature),
                "temperature is " + temperature + ", not 0 or a positive number");
        require(topP > 0 && topP <= 1, "top_p is " + topP + ", not above 0 and at most 1");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new EngineException(Kind.INVALID_SPEC, "sampling: " + otherwise + ".");
        }
    }

    /** The number within [0, 1) that decides on one token. */
    double uniform(int prompt, int place) {
        return (SplitMix.at(SplitMix.mix(SplitMix.mix(seed) + prompt), place) >>> 11) * 0x1p-53;
    }
}
