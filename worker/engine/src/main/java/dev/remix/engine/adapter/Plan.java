package dev.remix.engine.adapter;

import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Target;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The constants of {@code torchscript/mixture.py}: a kind of adapter is a gate over a pool of LoRAs, and a plain LoRA a pool of
 * one that is always on.
 *
 * @param loras N
 * @param active K
 * @param omega the weight that a selected LoRA, or all of them together, have
 */
record Plan(
        Gate gate,
        @Nullable Factors factors,
        @Nullable Pool pool,
        int loras,
        int active,
        double omega,
        double balance) {

    /** How a LoRA is switched on, with the script's number. */
    enum Gate {
        NONE(-1),
        ALWAYS(0),
        DRAWN(1),
        TOP(2),
        DENSE(3);

        private final int number;

        Gate(int number) {
            this.number = number;
        }
    }

    /** Parameters that differ from two factors a LoRA. */
    enum Extra {
        NOTHING,
        MAGNITUDE,
        ONE_A
    }

    static Plan of(AdapterSpec spec) {
        return switch (spec) {
            case AdapterSpec.FullParameters full -> new Plan(Gate.NONE, null, null, 1, 1, 0, 0);
            case AdapterSpec.Lora lora ->
                new Plan(Gate.ALWAYS, lora.factors(), null, 1, 1, omega(lora.factors(), 1), 0);
            case AdapterSpec.Remix remix -> mixture(Gate.DRAWN, remix.factors(), remix.pool(), remix.active(), 0);
            case AdapterSpec.MixLora mix -> mixture(Gate.TOP, mix.factors(), mix.pool(), mix.active(), mix.balance());
            case AdapterSpec.HydraLora hydra -> dense(hydra.factors(), hydra.pool());
            case AdapterSpec.SoftMix soft -> dense(soft.factors(), soft.pool());
        };
    }

    /** Each LoRA of a learned mixture is scaled as if alone: the gate's weights sum to 1. */
    private static Plan dense(Factors factors, Pool pool) {
        return new Plan(Gate.DENSE, factors, pool, pool.loras(), pool.loras(), omega(factors, 1), 0);
    }

    private static Plan mixture(Gate gate, Factors factors, Pool pool, int active, double balance) {
        double omega = omega(factors, gate == Gate.DRAWN ? active : 1);
        return new Plan(gate, factors, pool, pool.loras(), active, omega, balance);
    }

    private static double omega(Factors factors, int active) {
        int ranks = active * factors.rank();
        return switch (factors.scaling()) {
            case LORA -> factors.alpha() / ranks;
            case RSLORA -> factors.alpha() / Math.sqrt(ranks);
        };
    }

    static Extra extra(AdapterSpec spec) {
        return switch (spec) {
            case AdapterSpec.Lora lora -> lora.magnitude() ? Extra.MAGNITUDE : Extra.NOTHING;
            case AdapterSpec.HydraLora hydra -> Extra.ONE_A;
            case AdapterSpec.Remix remix -> Extra.NOTHING;
            case AdapterSpec.MixLora mix -> Extra.NOTHING;
            case AdapterSpec.SoftMix soft -> Extra.NOTHING;
            case AdapterSpec.FullParameters full -> Extra.NOTHING;
        };
    }

    Set<Target> targets() {
        return factors == null ? Set.of() : factors.targets();
    }

    Optional<Routing> routing() {
        return Optional.ofNullable(pool).map(Pool::routing);
    }

    /** Routers of one layer. */
    int sites() {
        return (int) Arrays.stream(siteOfTarget()).filter(site -> site >= 0).count();
    }

    /**
     * Which of the layer's routers is asked at each of the seven projections, -1 for none: at every target where each has its
     * own, and where a block shares one at the block's first projection, which reads the block's input.
     */
    int[] siteOfTarget() {
        int[] sites = new int[Target.values().length];
        int next = 0;
        for (Target target : Target.values()) {
            sites[target.index()] = pool != null && asks(target) ? next++ : -1;
        }
        return sites;
    }

    private boolean asks(Target target) {
        if (pool != null && pool.routers() == Routers.PROJECTION) {
            return targets().contains(target);
        }
        boolean first = target == Target.Q_PROJ || target == Target.GATE_PROJ;
        return first && targets().stream().anyMatch(any -> any.ofAttention() == target.ofAttention());
    }

    /** Whether an example's drawn LoRAs can be multiplied alone, and the others left out of the product. */
    boolean canGather() {
        return gate == Gate.DRAWN
                && active < loras
                && routing().filter(Routing.SEQUENCE::equals).isPresent();
    }

    /**
     * @param byPolicy whether the policy counts in a selection, or the noise alone decides
     * @param training whether inputs are dropped
     * @param perTarget parameters of one target: A and B, and of some kinds one more
     */
    double[] values(Extra extra, boolean byPolicy, boolean training, boolean gathered) {
        int perTarget = extra == Extra.MAGNITUDE ? 3 : 2;
        double[] values = new double[28];
        values[0] = gate.number;
        values[1] = routing().filter(Routing.SEQUENCE::equals).isPresent() ? 1 : 0;
        values[2] = loras;
        values[3] = active;
        values[4] = factors == null ? 0 : factors.rank();
        values[5] = omega;
        values[6] = byPolicy ? 1 : 0;
        values[7] = gathered ? 1 : 0;
        values[8] = extra == Extra.ONE_A ? 1 : 0;
        values[9] = extra == Extra.MAGNITUDE ? 1 : 0;
        values[10] = training && factors != null ? factors.dropout() : 0;
        values[11] = balance;
        values[12] = perTarget * targets().size();
        values[13] = sites();
        int first = 0;
        int[] sites = siteOfTarget();
        for (Target target : Target.values()) {
            boolean on = targets().contains(target);
            values[14 + target.index()] = on ? first : -1;
            values[21 + target.index()] = sites[target.index()];
            first += on ? perTarget : 0;
        }
        return values;
    }
}
