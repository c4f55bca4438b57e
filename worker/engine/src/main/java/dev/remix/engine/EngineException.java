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

    private final Kind kind;

    public EngineException(Kind kind, String message) {
        this(kind, message, null);
    }

    public EngineException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
