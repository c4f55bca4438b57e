package dev.remix.engine.script;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.device.Compute;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.StoredTensor;
import dev.remix.engine.weights.Weight;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredCopiesTest {
    private static final float[] VALUES = {1, -2.5f, 0.1f, 65_504, 1e-7f, 3};

    @TempDir
    private Path directory;

    /** Whatever the file has, as float32; in one block or in several. */
    @ParameterizedTest
    @EnumSource(NumberFormat.class)
    void areTheValuesOfTheFile(NumberFormat format) {
        try (SafetensorsFile file = file(format);
                Compute compute = Compute.cpu();
                NDManager scope = compute.scope()) {
            StoredTensor stored = file.find("w").orElseThrow();
            for (long block : new long[] {8, 1 << 20}) {
                try (StoredCopies copies = new StoredCopies(compute, block)) {
                    NDArray array = copies.copy(stored, NumberFormat.F32, scope);
                    assertThat(array.getShape()).isEqualTo(new Shape(3, 2));
                    assertThat(array.toFloatArray())
                            .containsExactly(stored.values().values());
                }
            }
        }
    }

    @Test
    void outliveTheFile() {
        try (Compute compute = Compute.cpu();
                NDManager scope = compute.scope();
                StoredCopies copies = new StoredCopies(compute)) {
            NDArray array;
            try (SafetensorsFile file = file(NumberFormat.F32)) {
                array = copies.copy(file.find("w").orElseThrow(), NumberFormat.F32, scope);
            }
            assertThat(array.toFloatArray()).containsExactly(VALUES);
        }
    }

    @Test
    void areHeldInBfloat16WhereThatIsWanted() {
        try (SafetensorsFile file = file(NumberFormat.BF16);
                Compute compute = Compute.cpu();
                NDManager scope = compute.scope();
                StoredCopies copies = new StoredCopies(compute)) {
            StoredTensor stored = file.find("w").orElseThrow();
            NDArray array = copies.copy(stored, NumberFormat.BF16, scope);
            // A type that Java has no name for, but can have changed.
            assertThat(array.getDataType()).isEqualTo(DataType.UNKNOWN);
            assertThat(array.toType(DataType.FLOAT32, true).toFloatArray())
                    .containsExactly(stored.values().values());
        }
    }

    private SafetensorsFile file(NumberFormat format) {
        Path file = directory.resolve("w.safetensors");
        SafetensorsWriter.write(file, List.of(new Weight("w", List.of(3L, 2L), VALUES)), format, Map.of());
        return SafetensorsFile.open(file);
    }
}
