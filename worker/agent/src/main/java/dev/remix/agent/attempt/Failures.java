package dev.remix.agent.attempt;

import dev.remix.agent.api.ApiException;
import dev.remix.engine.EngineException;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns what was thrown into a failure kind, by cause, and a sentence that gives nothing internal away. */
final class Failures {
    private static final String MEMORY_HINT =
            "Lower batch_size, training.max_sequence_length or adapter.draws, or train with precision bf16.";

    /** What libtorch's allocators say when memory has run out. */
    private static final List<String> NATIVE_OUT_OF_MEMORY = List.of(
            "out of memory", "defaultcpuallocator: can't allocate memory", "not enough memory: you tried to allocate");

    private Failures() {}

    static Outcome.Failed describe(Throwable thrown) {
        // What the engine has already put into words says more than its cause.
        if (!(thrown instanceof EngineException) && ranOutOfMemory(thrown)) {
            return failed(FailureKind.OUT_OF_MEMORY, "The worker ran out of memory.", MEMORY_HINT);
        }
        return switch (thrown) {
            case FailureException failure -> failed(failure.kind(), said(failure), failure.hint());
            case EngineException failure -> failed(kind(failure.kind()), said(failure), null);
            case ApiException.Corrupt _ -> storage("A file of the job did not arrive at the worker as it is stored.");
            case ApiException _ ->
                storage("The service did not deliver or accept something that the worker needs it to.");
            case IOException _, UncheckedIOException _ -> storage("The worker could not read or write its files.");
            default ->
                failed(
                        FailureKind.INTERNAL,
                        "The worker failed for a reason of its own; the attempt's log has the details.",
                        null);
        };
    }

    private static boolean ranOutOfMemory(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof OutOfMemoryError || saysOutOfMemory(said(cause)));
    }

    private static boolean saysOutOfMemory(String message) {
        var lowerCase = message.toLowerCase(Locale.ROOT);
        return NATIVE_OUT_OF_MEMORY.stream().anyMatch(lowerCase::contains);
    }

    private static FailureKind kind(EngineException.Kind kind) {
        return switch (kind) {
            case INVALID_DATA -> FailureKind.INVALID_DATA;
            case INVALID_SPEC -> FailureKind.INVALID_SPEC;
            case MODEL_NOT_FOUND -> FailureKind.MODEL_NOT_FOUND;
            case DIVERGED -> FailureKind.DIVERGED;
            case OUT_OF_MEMORY -> FailureKind.OUT_OF_MEMORY;
            case STORAGE -> FailureKind.STORAGE;
        };
    }

    private static Outcome.Failed storage(String detail) {
        return failed(FailureKind.STORAGE, detail, null);
    }

    private static Outcome.Failed failed(FailureKind kind, String detail, @Nullable String hint) {
        return new Outcome.Failed(kind, detail, hint);
    }

    private static String said(Throwable thrown) {
        return Objects.requireNonNullElse(thrown.getMessage(), "");
    }
}
