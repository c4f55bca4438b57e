package dev.remix.bench.engine;

import dev.remix.bench.contest.Assignment;
import dev.remix.bench.work.Task;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.train.RunSpec;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** An assignment in the engine's own words. */
final class EngineRun {
    private static final Set<Target> TARGETS = EnumSet.of(Target.GATE_PROJ, Target.UP_PROJ, Target.DOWN_PROJ);

    /** MixLoRA's coefficient of its load-balance loss. */
    private static final double BALANCE = 0.01;

    private EngineRun() {}

    static RunSpec of(Assignment assignment, int batchSize, int longest) {
        Path model = Path.of(assignment.model());
        return new RunSpec(
                model,
                model.resolve("not-read"),
                null,
                null,
                assignment.seed(),
                adapter(assignment),
                options(assignment, batchSize, longest));
    }

    private static AdapterSpec adapter(Assignment assignment) {
        int active = assignment.active();
        return switch (assignment.task().kind()) {
            case LORA -> new AdapterSpec.Lora(factors(assignment, Scaling.LORA));
            case RSLORA -> new AdapterSpec.Lora(factors(assignment, Scaling.RSLORA));
            case DORA -> new AdapterSpec.Lora(factors(assignment, Scaling.LORA), true);
            case REMIX ->
                new AdapterSpec.Remix(
                        factors(assignment, Scaling.RSLORA), pool(assignment), active, reinforce(assignment.task()));
            case MIXLORA ->
                new AdapterSpec.MixLora(factors(assignment, Scaling.LORA), pool(assignment), active, BALANCE);
            case HYDRALORA -> new AdapterSpec.HydraLora(factors(assignment, Scaling.LORA), pool(assignment));
            case SOFTMIX -> new AdapterSpec.SoftMix(factors(assignment, Scaling.LORA), pool(assignment));
            case FULL -> new AdapterSpec.FullParameters();
        };
    }

    private static Factors factors(Assignment assignment, Scaling scaling) {
        return new Factors(assignment.rank(), assignment.alpha(), scaling, TARGETS);
    }

    private static Pool pool(Assignment assignment) {
        AdapterSpec.Routing routing =
                AdapterSpec.Routing.valueOf(assignment.task().routing().name());
        return new Pool(assignment.loras(), routing, AdapterSpec.Routers.BLOCK, 1);
    }

    private static Reinforce reinforce(Task task) {
        AdapterGradient gradient = AdapterGradient.valueOf(task.gradient().name());
        return new Reinforce(task.draws(), gradient, false, 0, 0);
    }

    private static RunSpec.Options options(Assignment assignment, int batchSize, int longest) {
        Task.Precision precision = assignment.task().precision();
        return new RunSpec.Options(
                1,
                null,
                batchSize,
                assignment.learningRate(),
                RunSpec.Schedule.CONSTANT,
                0,
                0,
                1,
                longest,
                RunSpec.Precision.valueOf(precision.name()),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                1);
    }
}
