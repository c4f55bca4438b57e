package dev.remix.agent.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.agent.api.ApiException;
import dev.remix.engine.EngineException;
import dev.remix.protocol.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {
    static Stream<Throwable> everyWayToRunOutOfMemory() {
        return Stream.of(
                new OutOfMemoryError("Java heap space"),
                new IllegalStateException("native call failed", new OutOfMemoryError()),
                new IllegalStateException(
                        "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate"
                                + " memory: you tried to allocate 8589934592 bytes."),
                new IllegalStateException("CUDA out of memory. Tried to allocate 2.00 GiB"));
    }

    @ParameterizedTest
    @MethodSource("everyWayToRunOutOfMemory")
    void memoryThatRanOutIsToldApartAndComesWithAHint(Throwable thrown) {
        var failed = Failures.describe(thrown);

        assertThat(failed.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
        assertThat(failed.hint()).contains("batch_size");
    }

    @ParameterizedTest
    @EnumSource(EngineException.Kind.class)
    void engineKindHasItsCounterpart(EngineException.Kind kind) {
        var failed = Failures.describe(new EngineException(kind, "What is wrong."));

        assertThat(failed.kind().name()).isEqualTo(kind.name());
    }

    @Test
    void filesAreStorage() {
        assertThat(Failures.describe(new IOException("No space left on device")).kind())
                .isEqualTo(FailureKind.STORAGE);
        assertThat(Failures.describe(new UncheckedIOException(new IOException()))
                        .kind())
                .isEqualTo(FailureKind.STORAGE);
        assertThat(Failures.describe(new ApiException.Refused(422, "checksum_mismatch", "PUT …"))
                        .kind())
                .isEqualTo(FailureKind.STORAGE);
    }

    @Test
    void anythingElseIsInternalAndItsWordsStayInside() {
        var failed = Failures.describe(new NullPointerException("Cannot invoke String.length()"));

        assertThat(failed.kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(failed.detail()).doesNotContain("String.length");
    }
}
