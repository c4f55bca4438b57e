package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.train.RunSpec.Execution;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a whole step does with the gradient that other tests hold to the loss. */
class UpdateTest {
    private static final double RATE = 1e-3;
    private static final double DECAY = 0.1;
    private static final double EPSILON = 1e-8;
    private static final double BOUND = 0.02;
    private static final int STEP = 5;

    /** AdamW's first mean is a tenth of the gradient it was given. */
    private static final double FIRST_MEAN = 0.1;

    private static final Set<String> DECAYED = Set.of("factors", "matrices");

    static List<Kinds.Kind> kinds() {
        return Kinds.all().toList();
    }

    /**
     * A first step of AdamW moves every value by the learning rate against the sign of its own gradient, after it has shrunk it
     * by the decay. Gradient and value lie in two arrays, and only this tells whether the update pairs them rightly.
     */
    @ParameterizedTest
    @MethodSource("kinds")
    void pairsEveryValueWithItsOwnGradient(Kinds.Kind kind) {
        RunSpec spec = Float64Model.spec(kind.spec(), Execution.PLAIN);
        try (Trainee trainee = new Trainee(List.of(Float64Model.replica(spec)), spec)) {
            Map<String, double[]> gradients = gradients(trainee, 1);
            Map<String, double[]> before = values(trainee);
            trainee.step(new StepInputs(Float64Model.BATCH, 1, RATE));
            values(trainee).forEach((name, after) -> {
                double decay = DECAYED.contains(group(name)) ? DECAY : 0;
                double[] gradient = Objects.requireNonNull(gradients.get(name));
                double[] start = Objects.requireNonNull(before.get(name));
                for (int j = 0; j < after.length; j++) {
                    double moved = gradient[j] / (Math.abs(gradient[j]) + EPSILON);
                    double expected = start[j] * (1 - RATE * decay) - RATE * moved;
                    assertThat(after[j]).as("%s, value %d", name, j).isCloseTo(expected, within(1e-9));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void clipsByTheNormOfAllButTheRouters(Kinds.Kind kind) {
        RunSpec spec = Variants.clippedAt(Float64Model.spec(kind.spec(), Execution.PLAIN), BOUND);
        try (Trainee trainee = new Trainee(List.of(Float64Model.replica(spec)), spec)) {
            Map<String, double[]> gradients = gradients(trainee, STEP);
            double norm = norm(gradients, false);
            double ofRouters = norm(gradients, true);
            assertThat(norm).isGreaterThan(2 * BOUND);

            StepFigures figures = trainee.step(new StepInputs(Float64Model.BATCH, STEP, RATE));

            assertThat(figures.gradientNorm()).isCloseTo(norm, within(1e-9 * norm));
            if (ofRouters > 0) {
                assertThat(figures.routerGradientNorm()).isCloseTo(ofRouters, within(1e-9 * ofRouters));
            } else {
                assertThat(figures.routerGradientNorm()).isNull();
            }
            gradients.forEach((name, gradient) -> {
                double scale = router(name) ? 1 : BOUND / norm;
                double[] expected = Arrays.stream(gradient)
                        .map(value -> FIRST_MEAN * scale * value)
                        .toArray();
                double tolerance = 1e-6 * Arrays.stream(expected).map(Math::abs).sum();
                assertThat(array(trainee, name + ".mean").toDoubleArray())
                        .as(name)
                        .containsExactly(expected, within(tolerance));
            });
        }
    }

    /** By the names of the state, whose order is that of the parameters. */
    private static Map<String, double[]> gradients(Trainee trainee, int step) {
        Map<String, double[]> gradients = new LinkedHashMap<>();
        Replica replica = trainee.replica();
        try (NDManager scope = replica.compute().scope()) {
            double total = Float64Model.BATCH.weight();
            Iterator<NDArray> found = replica.gradient(Float64Model.BATCH, step, total, scope)
                    .gradients()
                    .iterator();
            values(trainee)
                    .keySet()
                    .forEach(name -> gradients.put(name, found.next().toDoubleArray()));
        }
        return gradients;
    }

    private static Map<String, double[]> values(Trainee trainee) {
        Map<String, double[]> values = new LinkedHashMap<>();
        trainee.state().forEach((name, array) -> {
            if (!name.endsWith(".mean") && !name.endsWith(".square")) {
                values.put(name, array.toDoubleArray());
            }
        });
        return values;
    }

    private static NDArray array(Trainee trainee, String name) {
        return trainee.state().entrySet().stream()
                .filter(entry -> entry.getKey().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static double norm(Map<String, double[]> gradients, boolean ofRouters) {
        return Math.sqrt(gradients.entrySet().stream()
                .filter(entry -> router(entry.getKey()) == ofRouters)
                .flatMapToDouble(entry -> Arrays.stream(entry.getValue()))
                .map(value -> value * value)
                .sum());
    }

    private static boolean router(String name) {
        return group(name).equals("routers");
    }

    private static String group(String name) {
        return name.substring(0, name.indexOf('.'));
    }
}
