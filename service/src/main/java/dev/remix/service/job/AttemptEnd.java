package dev.remix.service.job;

import java.util.Locale;
import java.util.Optional;

/** How an attempt ended. */
public sealed interface AttemptEnd {
    record Succeeded() implements AttemptEnd {}

    record Failed(Failure cause) implements AttemptEnd {}

    record Cancelled() implements AttemptEnd {}

    /** As it was told to, its progress kept. */
    record Stopped() implements AttemptEnd {}

    default String outcome() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    default Optional<Failure> failure() {
        return this instanceof Failed(Failure cause) ? Optional.of(cause) : Optional.empty();
    }
}
