package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.generate.Generator;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.Optimizer.Group;
import dev.remix.engine.train.Optimizer.Norms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model with what is being trained of it, of whatever kind, on one device or several.
 *
 * <p>Every device has the whole model; a step's examples are cut into parts, the devices compute the parts' gradients, and the
 * first one adds them up, updates the parameters and gives them to the others. A part's gradient is already a share of the whole
 * step's, so how a step is cut changes rounding only.
 */
final class Trainee implements AutoCloseable {
    private final List<Replica> replicas;
    private final Replica first;
    private final Optimizer optimizer;
    private final RunSpec.Options options;
    private final Parallel parallel;

    /** Takes the replicas over and closes them. */
    Trainee(List<Replica> replicas, RunSpec spec) {
        this.replicas = List.copyOf(replicas);
        this.first = replicas.getFirst();
        this.optimizer = new Optimizer(first.compute(), groups(first, spec), spec.options());
        this.options = spec.options();
        this.parallel = new Parallel(replicas.size());
        restored();
    }

    private static List<Group> groups(Replica replica, RunSpec spec) {
        double decay = spec.options().weightDecay();
        if (spec.adapter() instanceof AdapterSpec.FullParameters) {
            return List.of(
                    new Group("matrices", replica.decoder().matrices(), 1, decay, true),
                    new Group("vectors", replica.decoder().vectors(), 1, 0, true));
        }
        return List.of(
                new Group("factors", replica.adapter().factors(), 1, decay, true),
                new Group("routers", replica.adapter().routers(), routerRate(spec.adapter()), 0, false));
    }

    private static double routerRate(AdapterSpec spec) {
        return switch (spec) {
            case AdapterSpec.Remix remix -> remix.pool().learningRateMultiplier();
            case AdapterSpec.MixLora mix -> mix.pool().learningRateMultiplier();
            case AdapterSpec.HydraLora hydra -> hydra.pool().learningRateMultiplier();
            case AdapterSpec.SoftMix soft -> soft.pool().learningRateMultiplier();
            case AdapterSpec.Lora lora -> 0;
            case AdapterSpec.FullParameters full -> 0;
        };
    }

    /** Forward, gradient and update. Where the figures say that training diverged nothing changes. */
    StepFigures step(StepInputs inputs) {
        double total = inputs.batch().weight();
        try (NDManager scope = first.compute().scope()) {
            List<PartFigures> figures = new ArrayList<>();
            NDList gradients = gradients(inputs, total, figures, scope);
            FiguresOfStep whole = new FiguresOfStep(figures, total);
            Norms norms = optimizer.norms(gradients);
            StepFigures result = new StepFigures(
                    whole.loss(),
                    norms.clipped(),
                    first.adapter().routers().isEmpty() ? null : norms.unclipped(),
                    whole.draws(),
                    whole.sites(first.adapter().sites()));
            if (!result.diverged(options.stopping())) {
                optimizer.update(gradients, norms, inputs);
                restored();
            }
            return result;
        }
    }

    private NDList gradients(StepInputs inputs, double total, List<PartFigures> figures, NDManager scope) {
        List<List<Batch>> shares = Shares.of(inputs.batch(), replicas.size(), microBatchTokens());
        List<Sum> sums = parallel.each(shares.size(), r -> sum(replicas.get(r), shares.get(r), inputs.step(), total));
        NDList all = sums.getFirst().gradients;
        all.attach(scope);
        sums.stream().skip(1).forEach(other -> optimizer.add(all, other.gradients));
        for (Sum sum : sums) {
            figures.addAll(sum.figures);
            sum.owner.close();
        }
        return all;
    }

    private int microBatchTokens() {
        Integer asked = options.execution().microBatchTokens();
        return asked == null ? first.tokensAtOnce() : asked;
    }

    private record Sum(NDList gradients, List<PartFigures> figures, NDManager owner) {}

    private Sum sum(Replica replica, List<Batch> parts, int step, double total) {
        NDManager owner = replica.compute().scope();
        List<PartFigures> figures = new ArrayList<>();
        Replica.Gradient whole = replica.gradient(parts.getFirst(), step, total, owner);
        figures.add(whole.figures());
        for (Batch part : parts.subList(1, parts.size())) {
            try (NDManager scope = replica.compute().scope()) {
                Replica.Gradient more = replica.gradient(part, step, total, scope);
                figures.add(more.figures());
                replica.accumulate(whole.gradients(), more.gradients());
            }
        }
        return new Sum(whole.gradients(), figures, owner);
    }

    /** Gives the first device's parameters to the others, after they changed. */
    void restored() {
        for (Replica other : replicas.subList(1, replicas.size())) {
            optimizer.copyTo(other.parameters());
        }
    }

    /** Without a gradient, with the policy's own selections. */
    PartFigures evaluate(Batch batch) {
        return first.evaluate(batch);
    }

    /** The first device's, for evaluations that a policy does not decide. */
    Replica replica() {
        return first;
    }

    /** Greedy answers of the model as it stands; whoever asks closes it. */
    Generator generator() {
        return first.generator();
    }

    /** Every array that a resumed run has to find again, by name: parameters and moments. */
    Map<String, NDArray> state() {
        return optimizer.state();
    }

    /** The part of {@link #state} that is the model's. */
    Map<String, NDArray> parameters() {
        return optimizer.parameters();
    }

    /** Writes the result of the training. */
    void save(Path directory, String baseModel) {
        if (first.adapter().spec() instanceof AdapterSpec.FullParameters) {
            first.decoder().save(directory);
        } else {
            first.adapter().save(directory, baseModel);
        }
    }

    @Override
    public void close() {
        parallel.close();
        optimizer.close();
        replicas.forEach(Replica::close);
    }
}
