package dev.remix.engine.adapter;

import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The constants of {@code torchscript/mixture.py}: a plain LoRA is a pool of one that is always on.
 *
 * @param routing null where there is nothing to route
 * @param omega the constant weight of a selected LoRA
 */
record Plan(@Nullable Routing routing, int loras, int active, int rank, double omega, Set<Target> targets) {

    static Plan of(AdapterSpec.Remix spec) {
        double omega = omega(spec.alpha(), spec.active() * spec.rank(), spec.scaling());
        return new Plan(spec.routing(), spec.loras(), spec.active(), spec.rank(), omega, spec.targets());
    }

    static Plan of(AdapterSpec.Lora spec) {
        double omega = omega(spec.alpha(), spec.rank(), spec.scaling());
        return new Plan(null, 1, 1, spec.rank(), omega, spec.targets());
    }

    private static double omega(double alpha, int activeRanks, Scaling scaling) {
        return switch (scaling) {
            case LORA -> alpha / activeRanks;
            case RSLORA -> alpha / Math.sqrt(activeRanks);
        };
    }

    /** @param byPolicy whether the policy counts in a selection, or the noise alone decides */
    double[] values(boolean byPolicy) {
        return new double[] {
            routing == null ? 0 : routing == Routing.SEQUENCE ? 1 : 2,
            loras,
            active,
            rank,
            omega,
            carries(Target.GATE_PROJ),
            carries(Target.UP_PROJ),
            carries(Target.DOWN_PROJ),
            byPolicy ? 1 : 0
        };
    }

    private double carries(Target target) {
        return targets.contains(target) ? 1 : 0;
    }
}
