package dev.remix.engine.generate;

import java.util.List;

/**
 * One answer.
 *
 * @param tokens as they were generated, without the stop token; with a stop string those of the string as well
 * @param text without control tokens, up to a stop string; a character that is cut off at the end is left out
 */
public record Generated(List<Integer> tokens, String text, End end) {
    public Generated {
        tokens = List.copyOf(tokens);
    }

    /** Why an answer ended. */
    public enum End {
        /** At a stop token or a stop string. */
        STOP,
        /** At the most new tokens asked for, or where the model's context ends. */
        LENGTH,
        CANCELLED
    }
}
