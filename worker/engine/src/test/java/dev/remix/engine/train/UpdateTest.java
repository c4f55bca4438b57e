package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.script.Script;
import dev.remix.engine.train.RunSpec.Options;
import dev.remix.engine.train.RunSpec.Precision;
import dev.remix.engine.train.RunSpec.Schedule;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A first step of AdamW moves every value by the learning rate against the sign of its own gradient, after it has shrunk it by
 * the decay. Gradient and value lie in two arrays, and only this tells whether the update pairs them rightly.
 */
class UpdateTest {
    private static final double RATE = 1e-3;
    private static final double DECAY = 0.1;
    private static final double EPSILON = 1e-8;
    private static final Options OPTIONS =
            new Options(1, null, 5, RATE, Schedule.CONSTANT, 0, DECAY, 1e9, 64, Precision.F32, 1, 1, 1);

    private final Float64Model model = new Float64Model();
    private final StepInputs inputs = new StepInputs(model.batch, 1, RATE);

    @AfterEach
    void free() {
        model.close();
    }

    @Test
    void ofEveryWeightDecaysMatricesAlone() {
        try (Script script = Script.load(model.compute, "full");
                FullTrainee trainee = new FullTrainee(model.compute, TinyModel.float64(model.compute), OPTIONS)) {
            NDList gradients = model.call(script, "gradient").run(model.scope);
            int matrices = model.decoder.matrices().size();
            List<double[]> matricesBefore = values(model.decoder.matrices());
            List<double[]> normsBefore = values(model.decoder.norms());

            trainee.step(inputs);

            verify(trainee, "matrices", matricesBefore, gradients.subNDList(1), DECAY);
            verify(trainee, "norms", normsBefore, gradients.subNDList(1 + matrices), 0);
        }
    }

    @Test
    void ofALora() {
        AdapterSpec spec = Float64Model.lora(EnumSet.allOf(Target.class));
        try (Script script = Script.load(model.compute, "adapter")) {
            Adapter adapter = model.adapter(spec);
            NDList gradients =
                    adapter.bind(model.call(script, "plain_gradient")).run(model.scope);
            List<double[]> before = values(adapter.factors());
            try (LoraTrainee trainee =
                    new LoraTrainee(model.compute, TinyModel.float64(model.compute), adapter, OPTIONS)) {
                trainee.step(inputs);
                verify(trainee, "factors", before, gradients.subNDList(1), DECAY);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void ofAMixtureDecaysItsLorasAlone(Routing routing) {
        AdapterSpec.Remix spec = Float64Model.mixture(routing);
        try (Script script = Script.load(model.compute, "adapter")) {
            Adapter adapter = model.adapter(spec);
            NDList gradients = model.mixtureCall(script, "routed_gradient", adapter, routing)
                    .run(model.scope);
            List<double[]> factors = values(adapter.factors());
            List<double[]> routers = values(adapter.routers());
            try (RemixTrainee trainee = new RemixTrainee(
                    model.compute, TinyModel.float64(model.compute), adapter, spec, OPTIONS, Float64Model.NOISE_SEED)) {
                trainee.step(inputs);
                verify(trainee, "factors", factors, gradients.subNDList(2), DECAY);
                verify(trainee, "routers", routers, gradients.subNDList(2 + factors.size()), 0);
            }
        }
    }

    private static List<double[]> values(List<NDArray> arrays) {
        return arrays.stream().map(NDArray::toDoubleArray).toList();
    }

    private static void verify(Trainee trainee, String group, List<double[]> before, NDList gradients, double decay) {
        for (int i = 0; i < before.size(); i++) {
            double[] after = arrayOf(trainee, group + "." + i).toDoubleArray();
            double[] gradient = gradients.get(i).toDoubleArray();
            for (int j = 0; j < after.length; j++) {
                double moved = gradient[j] / (Math.abs(gradient[j]) + EPSILON);
                double expected = before.get(i)[j] * (1 - RATE * decay) - RATE * moved;
                assertThat(after[j]).as("%s %d, value %d", group, i, j).isCloseTo(expected, within(1e-9));
            }
        }
    }

    private static NDArray arrayOf(Trainee trainee, String name) {
        return trainee.state().entrySet().stream()
                .filter(entry -> entry.getKey().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}
