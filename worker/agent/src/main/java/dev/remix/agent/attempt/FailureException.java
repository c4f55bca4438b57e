package dev.remix.agent.attempt;

import dev.remix.protocol.FailureKind;
import org.jspecify.annotations.Nullable;

/** An attempt that can't go on, in words for the person who sent the job. */
final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final FailureKind kind;
    private final @Nullable String hint;

    FailureException(FailureKind kind, String detail, @Nullable String hint) {
        super(detail);
        this.kind = kind;
        this.hint = hint;
    }

    FailureKind kind() {
        return kind;
    }

    @Nullable
    String hint() {
        return hint;
    }
}
