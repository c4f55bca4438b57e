package dev.remix.engine;

import org.jspecify.annotations.Nullable;

/**
 * A run that cannot go on. The kind says whose fault it is; the message is one sentence for the person who sent the job:
 * what is wrong, where, and what to do.
 */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Causes that the engine can tell apart. */
    public enum Kind {
        INVALID_DATA,
        INVALID_SPEC,
        MODEL_NOT_FOUND,
        DIVERGED,
        OUT_OF_MEMORY,
        STORAGE
    }

    private static final int LONGEST = 900;

    private final Kind kind;

    public EngineException(Kind kind, String message) {
        this(kind, message, null);
    }

    public EngineException(Kind kind, String message, @Nullable Throwable cause) {
        super(oneLine(message), cause);
        this.kind = kind;
    }

    /** Messages quote foreign files, which may hold anything. */
    private static String oneLine(String message) {
        String line = message.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}]", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    public Kind kind() {
        return kind;
    }
}
