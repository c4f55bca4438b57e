package dev.remix.engine.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.device.Compute;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptTest {
    private final Compute compute = Compute.cpu();
    private final Script script = Script.load(compute, "probe");
    private final NDManager scope = compute.scope();

    @AfterEach
    void free() {
        scope.close();
        script.close();
        compute.close();
    }

    @Test
    void differentiatesWithRespectToAListOfArguments() {
        NDArray x = scope.create(new float[] {1, 2});
        List<NDArray> p = List.of(scope.create(new float[] {3, 4}), scope.create(new float[] {5, 6}));

        NDList result = script.call("slope").with("x", x).with("p", p).run(scope);

        assertThat(result.get(0).getFloat()).isEqualTo(3 + (9 + 32) + (25 + 72));
        assertThat(result.get(1).toFloatArray()).containsExactly(6, 16);
        assertThat(result.get(2).toFloatArray()).containsExactly(10, 24);
    }

    @Test
    void changesAListInPlace() {
        NDArray p = scope.create(new float[] {1, 2});

        script.call("shift")
                .with("p", List.of(p))
                .with("by", scope.create(0.5f))
                .run(scope);

        assertThat(p.toFloatArray()).containsExactly(1.5f, 2.5f);
    }

    @Test
    void resultsBelongToTheScopeOfTheCall() {
        NDArray p = scope.create(new float[] {1, 2});
        NDArray result;
        try (NDManager inner = compute.scope()) {
            result = script.call("shift")
                    .with("p", List.of(p))
                    .with("by", scope.create(1f))
                    .run(inner)
                    .head();
            assertThat(result.toFloatArray()).containsExactly(2, 3);
        }
        assertThatThrownBy(result::toFloatArray).isInstanceOf(IllegalStateException.class);
        assertThat(p.toFloatArray()).containsExactly(2, 3);
    }

    @Test
    void refusesOneArrayForTwoArguments() {
        NDArray x = scope.create(new float[] {1});
        assertThatThrownBy(() -> script.call("slope").with("x", x).with("p", List.of(x)))
                .hasMessage("probe.slope: argument p[] is an array that another argument has already.");
    }

    @Test
    void namesTheScriptThatIsMissing() {
        assertThatThrownBy(() -> Script.load(compute, "nowhere"))
                .hasMessageContaining("There is no script /torchscript/nowhere.py");
    }
}
