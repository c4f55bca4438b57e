package dev.remix.engine.forecast;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Target;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any kind of adapter as a pool of LoRAs.
 *
 * @param factors null where every weight is trained
 * @param pool null where nothing is routed
 * @param active LoRAs that take part in an output
 * @param reinforce null where no selection is drawn
 */
record Pooling(
        @Nullable Factors factors,
        @Nullable Pool pool,
        int active,
        @Nullable Reinforce reinforce,
        boolean magnitude,
        boolean oneA) {

    static Pooling of(AdapterSpec spec) {
        return switch (spec) {
            case AdapterSpec.FullParameters full -> new Pooling(null, null, 1, null, false, false);
            case AdapterSpec.Lora lora -> new Pooling(lora.factors(), null, 1, null, lora.magnitude(), false);
            case AdapterSpec.Remix remix ->
                new Pooling(remix.factors(), remix.pool(), remix.active(), remix.reinforce(), false, false);
            case AdapterSpec.MixLora mix -> learned(mix.factors(), mix.pool(), mix.active(), false);
            case AdapterSpec.HydraLora hydra ->
                learned(hydra.factors(), hydra.pool(), hydra.pool().loras(), true);
            case AdapterSpec.SoftMix soft ->
                learned(soft.factors(), soft.pool(), soft.pool().loras(), false);
        };
    }

    private static Pooling learned(Factors factors, Pool pool, int active, boolean oneA) {
        return new Pooling(factors, pool, active, null, false, oneA);
    }

    Set<Target> targets() {
        return factors == null ? Set.of() : factors.targets();
    }

    boolean on(Target target) {
        return targets().contains(target);
    }

    /** M. */
    int draws() {
        return reinforce == null ? 1 : reinforce.draws();
    }

    /** Draws that the adapters' gradient comes from. */
    int chosen() {
        return single() ? 1 : draws();
    }

    boolean single() {
        return reinforce != null && reinforce.adapterGradient() == AdapterGradient.SINGLE;
    }

    boolean drawn() {
        return reinforce != null;
    }

    /** Whether gates have a gradient. */
    boolean learnedGate() {
        return pool != null && !drawn();
    }

    boolean byExample() {
        return pool != null && pool.routing() == Routing.SEQUENCE;
    }

    /** Whether an example's LoRAs are picked out and multiplied alone. */
    boolean gathered() {
        return drawn() && byExample() && active < loras();
    }

    int loras() {
        return pool == null ? 1 : pool.loras();
    }

    int rank() {
        return factors == null ? 0 : factors.rank();
    }

    /** Numbers between A and B of one position, in the products as they are made. */
    long ranksComputed() {
        return (long) rank() * (gathered() ? active : loras());
    }

    long rowsOfA() {
        return oneA ? rank() : (long) rank() * loras();
    }

    long columnsOfB() {
        return (long) rank() * loras();
    }

    boolean dropout() {
        return factors != null && factors.dropout() > 0;
    }

    /** Whether a router is asked at this projection. */
    boolean asks(Target target) {
        if (pool == null) {
            return false;
        }
        if (pool.routers() == Routers.PROJECTION) {
            return on(target);
        }
        boolean first = target == Target.Q_PROJ || target == Target.GATE_PROJ;
        return first && targets().stream().anyMatch(any -> any.ofAttention() == target.ofAttention());
    }
}
