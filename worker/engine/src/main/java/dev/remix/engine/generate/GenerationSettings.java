package dev.remix.engine.generate;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.List;
import java.util.Set;

/**
 * When answers end and how their tokens are chosen.
 *
 * @param stopTokens any of them ends an answer and is no part of it
 * @param stopStrings an answer's text ends before the first of them, however tokens cut it
 */
public record GenerationSettings(
        int maxNewTokens, Set<Integer> stopTokens, List<String> stopStrings, Sampling sampling) {
    public GenerationSettings {
        stopTokens = Set.copyOf(stopTokens);
        stopStrings = List.copyOf(stopStrings);
        if (maxNewTokens < 1) {
            throw new EngineException(Kind.INVALID_SPEC, "max_tokens is " + maxNewTokens + ", not at least 1.");
        }
        if (stopStrings.stream().anyMatch(String::isEmpty)) {
            throw new EngineException(Kind.INVALID_SPEC, "stop has an empty string, which every text contains.");
        }
    }

    /** The most probable tokens, until one of these. */
    public static GenerationSettings greedy(int maxNewTokens, Set<Integer> stopTokens) {
        return new GenerationSettings(maxNewTokens, stopTokens, List.of(), Sampling.GREEDY);
    }
}
