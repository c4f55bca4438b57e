package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.device.Compute;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.script.Script;
import dev.remix.engine.train.RunSpec.Options;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AdamW over groups of parameters, and clipping by the global norm of those that are clipped: a router's gradient is noise
 * around a small mean, which Adam scales and clipping would only distort.
 */
final class Optimizer implements AutoCloseable {

    /**
     * Parameters that are treated alike, in the order of the gradients.
     *
     * @param rate learning rate over the step's
     */
    record Group(String name, List<NDArray> parameters, double rate, double weightDecay, boolean clipped) {
        Group {
            parameters = List.copyOf(parameters);
        }
    }

    /** Norms before clipping, each over the groups of its kind. */
    record Norms(double clipped, double unclipped) {}

    private final List<Group> groups;
    private final double maxNorm;
    private final Compute compute;
    private final Script script;
    private final NDManager scope;
    private final List<Moments> moments;

    Optimizer(Compute compute, List<Group> groups, Options options) {
        this.groups =
                groups.stream().filter(group -> !group.parameters.isEmpty()).toList();
        this.maxNorm = options.maxGradientNorm();
        this.compute = compute;
        this.script = Script.load(compute, "optimizer");
        this.scope = compute.scope();
        this.moments = this.groups.stream()
                .map(group -> Moments.zeros(group.parameters, scope))
                .toList();
    }

    Norms norms(NDList gradients) {
        return new Norms(norm(gradients, true), norm(gradients, false));
    }

    private double norm(NDList gradients, boolean clipped) {
        List<NDArray> chosen = new ArrayList<>();
        int from = 0;
        for (Group group : groups) {
            int to = from + group.parameters.size();
            if (group.clipped == clipped) {
                chosen.addAll(gradients.subList(from, to));
            }
            from = to;
        }
        if (chosen.isEmpty()) {
            return 0;
        }
        try (NDManager call = compute.scope()) {
            return script.call("norm")
                    .with("gradients", chosen)
                    .run(call)
                    .singletonOrThrow()
                    .getDouble();
        }
    }

    /** Changes the parameters. */
    void update(NDList gradients, Norms norms, StepInputs inputs) {
        double scale = Math.min(1, maxNorm / (norms.clipped() + 1e-6));
        int from = 0;
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            int to = from + group.parameters.size();
            if (group.rate > 0) {
                update(i, gradients.subList(from, to), group.clipped ? scale : 1, inputs);
            }
            from = to;
        }
    }

    private void update(int index, List<NDArray> gradients, double scale, StepInputs inputs) {
        Group group = groups.get(index);
        try (NDManager call = compute.scope()) {
            double rate = inputs.learningRate() * group.rate;
            var _ = script.call("update")
                    .with("parameters", group.parameters)
                    .with("gradients", gradients)
                    .with("means", moments.get(index).means())
                    .with("squares", moments.get(index).squares())
                    .with("rates", HostArrays.of(call, rate, group.weightDecay, scale, inputs.step()))
                    .run(call);
        }
    }

    /** Adds gradients to others, in place; they may come from another device. */
    void add(NDList sums, NDList gradients) {
        try (NDManager call = compute.scope()) {
            var _ = script.call("add")
                    .with("sums", sums)
                    .with("gradients", gradients)
                    .run(call);
        }
    }

    /** Copies the parameters' values to another device's. */
    void copyTo(List<NDArray> others) {
        List<NDArray> own =
                groups.stream().flatMap(group -> group.parameters.stream()).toList();
        try (NDManager call = compute.scope()) {
            var _ = script.call("assign")
                    .with("targets", others)
                    .with("values", own)
                    .run(call);
        }
    }

    Map<String, NDArray> parameters() {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        for (Group group : groups) {
            for (int i = 0; i < group.parameters.size(); i++) {
                parameters.put(group.name + "." + i, group.parameters.get(i));
            }
        }
        return parameters;
    }

    /** Parameters and moments by name. */
    Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            moments.get(i).name(groups.get(i).name, groups.get(i).parameters, state);
        }
        return state;
    }

    @Override
    public void close() {
        scope.close();
        script.close();
    }
}
