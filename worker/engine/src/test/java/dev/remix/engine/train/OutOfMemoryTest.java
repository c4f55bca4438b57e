package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.device.Compute;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunSpec.Execution;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryTest {
    @TempDir
    private Path directory;

    /** A quarter of a petabyte, of the engine's own allocator. */
    @Test
    void ofTheDeviceIsToldWithTheChangesToMake() {
        RunSpec spec = TinyModel.spec(TinyModel.untrained(directory), TinyModel.lora());
        failing(spec, OutOfMemoryTest::allocateTooMuch)
                .hasMessageStartingWith(
                        "The memory is exhausted; set recompute to true, or set micro_batch_tokens so that a"
                                + " batch goes through in parts, or lower max_sequence_length from 64, or train with precision bf16."
                                + " The run needs up to ")
                .hasMessageContaining("MiB (program ")
                .hasMessageContaining(" The engine says: ");
    }

    @Test
    void ofJavaIsToldLikeIt() {
        RunSpec spec = Variants.computed(
                TinyModel.spec(TinyModel.untrained(directory), TinyModel.lora()), new Execution(80, true, 1));
        failing(spec, () -> {
                    throw new OutOfMemoryError("Java heap space");
                })
                .hasMessageStartingWith("The memory is exhausted; set micro_batch_tokens lower than 80, or lower")
                .hasMessageEndingWith("The engine says: Java heap space");
    }

    private static Batch allocateTooMuch() {
        try (Compute compute = Compute.cpu();
                NDManager scope = compute.scope()) {
            scope.zeros(new Shape(1L << 46));
        }
        throw new AssertionError("this machine has an incredible memory");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> failing(RunSpec spec, Supplier<Batch> second) {
        Batches usual = TinyModel.otherBatches();
        Batches broken = new Batches() {
            @Override
            public int stepsPerEpoch() {
                return usual.stepsPerEpoch();
            }

            @Override
            public Batch at(int step) {
                return step < 2 ? usual.at(step) : second.get();
            }
        };
        Recording recording = new Recording();
        return assertThatThrownBy(() -> FineTuning.run(spec, broken, List.of(), directory, recording, recording))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OUT_OF_MEMORY));
    }
}
