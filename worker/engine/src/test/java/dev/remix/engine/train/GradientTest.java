package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.script.Script;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The gradients of the scripts, in float64, against central differences. What a mixture's routers descend is not the loss, so
 * their reference is built here from the estimator's definition: advantages held still, times log Q.
 */
class GradientTest {
    private static final double STEP = 1e-5;

    private final Float64Model model = new Float64Model();
    private final SplittableRandom random = new SplittableRandom(5);

    @AfterEach
    void free() {
        model.close();
    }

    @Test
    void ofEveryWeight() {
        try (Script script = Script.load(model.compute, "full")) {
            Supplier<NDList> run = () -> model.call(script, "gradient").run(model.scope);
            List<NDArray> parameters = new ArrayList<>(model.decoder.matrices());
            parameters.addAll(model.decoder.norms());
            NDList at = run.get();
            verify(parameters, at.subNDList(1), run, result -> result.get(0).getDouble());
        }
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void ofALoraOnOneTarget(Target target) {
        verifyLora(EnumSet.of(target));
    }

    @Test
    void ofALoraOnAllTargets() {
        verifyLora(EnumSet.allOf(Target.class));
    }

    private void verifyLora(EnumSet<Target> targets) {
        try (Script script = Script.load(model.compute, "adapter");
                Adapter adapter = model.adapter(Float64Model.lora(targets))) {
            Supplier<NDList> run =
                    () -> adapter.bind(model.call(script, "plain_gradient")).run(model.scope);
            NDList at = run.get();
            verify(
                    adapter.factors(),
                    at.subNDList(1),
                    run,
                    result -> result.get(0).getDouble());
        }
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void ofAMixturesLorasAsTheMeanOverItsDraws(Routing routing) {
        try (Script script = Script.load(model.compute, "adapter");
                Adapter adapter = model.adapter(Float64Model.mixture(routing))) {
            Supplier<NDList> run = () -> model.mixtureCall(script, "routed_gradient", adapter, routing)
                    .run(model.scope);
            NDList at = run.get();
            verify(adapter.factors(), at.subNDList(2), run, result -> meanLoss(result.get(0)));
        }
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void ofAMixturesRoutersAsAdvantageTimesLogQ(Routing routing) {
        try (Script script = Script.load(model.compute, "adapter");
                Adapter adapter = model.adapter(Float64Model.mixture(routing))) {
            Supplier<NDList> run = () -> model.mixtureCall(script, "routed_gradient", adapter, routing)
                    .run(model.scope);
            NDList at = run.get();
            double[] advantages = advantages(at.get(0), routing);
            int routersFrom = 2 + adapter.factors().size();
            verify(adapter.routers(), at.subNDList(routersFrom), run, result -> reinforced(result.get(1), advantages));
        }
    }

    /** Every example learns three tokens here, so the mean over tokens is the mean over examples. */
    private static double meanLoss(NDArray shares) {
        return Arrays.stream(shares.toDoubleArray()).sum()
                / shares.getShape().get(0)
                / shares.getShape().get(1);
    }

    /** Loss of a draw less the mean loss of the other draws; by position, of the losses still to come. */
    private static double[] advantages(NDArray shares, Routing routing) {
        int m = (int) shares.getShape().get(0);
        int b = (int) shares.getShape().get(1);
        int t = (int) shares.getShape().get(2);
        double[] share = shares.toDoubleArray();
        double[] toGo = new double[m * b * t];
        for (int row = 0; row < m * b; row++) {
            double sum = 0;
            for (int at = t - 1; at >= 0; at--) {
                sum += share[row * t + at];
                toGo[row * t + at] = sum;
            }
        }
        int width = routing == Routing.SEQUENCE ? 1 : t;
        double[] advantages = new double[m * b * width];
        for (int i = 0; i < advantages.length; i++) {
            int draw = i / (b * width);
            int place = (i / width % b) * t + i % width;
            double others = 0;
            for (int other = 0; other < m; other++) {
                others += other == draw ? 0 : toGo[other * b * t + place] / (m - 1);
            }
            advantages[i] = toGo[draw * b * t + place] - others;
        }
        return advantages;
    }

    private static double reinforced(NDArray logQ, double[] advantages) {
        double[] log = logQ.toDoubleArray();
        double sum = 0;
        for (int i = 0; i < log.length; i++) {
            sum += log[i] * advantages[i];
        }
        return sum / logQ.getShape().get(0) / logQ.getShape().get(1);
    }

    private void verify(
            List<NDArray> parameters, NDList gradients, Supplier<NDList> run, ToDoubleFunction<NDList> value) {
        for (int i = 0; i < parameters.size(); i++) {
            NDArray parameter = parameters.get(i);
            double[] gradient = gradients.get(i).toDoubleArray();
            for (int sample = 0; sample < 4; sample++) {
                int index = random.nextInt(gradient.length);
                double difference = difference(parameter, index, run, value);
                assertThat(gradient[index])
                        .as("parameter %d, value %d", i, index)
                        .isCloseTo(difference, within(1e-7 + 5e-5 * Math.abs(difference)));
            }
            assertThat(Arrays.stream(gradient).map(Math::abs).sum())
                    .as("parameter %d matters", i)
                    .isPositive();
        }
    }

    private static double difference(
            NDArray parameter, int index, Supplier<NDList> run, ToDoubleFunction<NDList> value) {
        double[] values = parameter.toDoubleArray();
        double centre = values[index];
        values[index] = centre + STEP;
        parameter.set(DoubleBuffer.wrap(values));
        double above = value.applyAsDouble(run.get());
        values[index] = centre - STEP;
        parameter.set(DoubleBuffer.wrap(values));
        double below = value.applyAsDouble(run.get());
        values[index] = centre;
        parameter.set(DoubleBuffer.wrap(values));
        return (above - below) / (2 * STEP);
    }
}
