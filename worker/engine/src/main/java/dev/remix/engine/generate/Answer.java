package dev.remix.engine.generate;

import dev.remix.engine.generate.Generated.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An answer in the making: takes tokens until it ends. */
final class Answer {
    private final int limit;
    private final Set<Integer> stopTokens;
    private final AnswerText text;
    private final List<Integer> tokens = new ArrayList<>();
    private Optional<End> end = Optional.empty();

    /** @param limit most tokens */
    Answer(int limit, Set<Integer> stopTokens, AnswerText text) {
        this.limit = limit;
        this.stopTokens = stopTokens;
        this.text = text;
        if (limit == 0) {
            end(End.LENGTH);
        }
    }

    boolean hasEnded() {
        return end.isPresent();
    }

    /** What comes after the end is not the answer's. */
    void add(int token) {
        if (hasEnded()) {
            return;
        }
        if (stopTokens.contains(token)) {
            end(End.STOP);
            return;
        }
        tokens.add(token);
        if (text.add(token)) {
            end(End.STOP);
        } else if (tokens.size() == limit) {
            end(End.LENGTH);
        }
    }

    /** Whoever ends an answer from outside finds it as far as it got. */
    void cancel() {
        if (!hasEnded()) {
            end(End.CANCELLED);
        }
    }

    private void end(End reason) {
        end = Optional.of(reason);
        text.end(reason == End.STOP);
    }

    Generated generated() {
        return new Generated(tokens, text.toString(), end.orElseThrow());
    }
}
