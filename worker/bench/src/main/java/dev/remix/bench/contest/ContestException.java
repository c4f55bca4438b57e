package dev.remix.bench.contest;

import org.jspecify.annotations.Nullable;

/** A contest that can't go on; the message is for whoever started it. */
public final class ContestException extends RuntimeException {
    public ContestException(String message) {
        super(message);
    }

    public ContestException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
