package dev.remix.engine.fuzz;

import dev.remix.engine.EngineException;
import java.util.Objects;

/** What a reader may do with content of any kind: take it, or refuse it in one sentence. */
public final class Foreign {
    private static final int LONGEST_SENTENCE = 1_000;

    private Foreign() {}

    /** Whatever else the reader throws is a finding. */
    public static void read(Runnable reader) {
        try {
            reader.run();
        } catch (EngineException e) {
            requireSentence(Objects.requireNonNullElse(e.getMessage(), ""), e);
        }
    }

    private static void requireSentence(String message, EngineException e) {
        boolean plain = message.chars().noneMatch(Character::isISOControl);
        if (message.isBlank() || message.length() > LONGEST_SENTENCE || !plain) {
            throw new AssertionError("Not a sentence: " + message, e);
        }
    }
}
