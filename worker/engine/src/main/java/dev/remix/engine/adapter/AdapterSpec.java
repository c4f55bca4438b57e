package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What is trained beside, or instead of, the base model. Letters as in {@code docs/method.md}. */
public sealed interface AdapterSpec {

    /** Projections of a feed-forward block that can carry LoRAs. */
    enum Target {
        GATE_PROJ,
        UP_PROJ,
        DOWN_PROJ
    }

    /** {@code LORA}: omega = alpha/(K·R); {@code RSLORA}: omega = alpha/sqrt(K·R). */
    enum Scaling {
        LORA,
        RSLORA
    }

    /** One subset per site for the whole sequence, from the prompt's mean input, or one for each position. */
    enum Routing {
        SEQUENCE,
        TOKEN
    }

    /**
     * A mixture with constant weights and a router trained by REINFORCE leave-one-out.
     *
     * @param loras pool size N
     * @param active K, 1..N
     * @param rank R of one LoRA
     * @param draws M, at least 2
     * @param routerLearningRateMultiplier over the adapters' learning rate; 0 leaves the router as initialised
     */
    record Remix(
            int loras,
            int active,
            int rank,
            int draws,
            double alpha,
            Scaling scaling,
            Routing routing,
            Set<Target> targets,
            double routerLearningRateMultiplier)
            implements AdapterSpec {
        public Remix {
            targets = ordered(targets);
            require(loras >= 1, "loras is " + loras + ", not at least 1");
            require(active >= 1 && active <= loras, "active is " + active + ", not between 1 and loras " + loras);
            require(draws >= 2, "draws is " + draws + "; leave-one-out needs at least 2");
            require(routerLearningRateMultiplier >= 0, "router_learning_rate_multiplier is negative");
            requireLora(rank, alpha);
        }
    }

    /** One LoRA on each target. */
    record Lora(int rank, double alpha, Scaling scaling, Set<Target> targets) implements AdapterSpec {
        public Lora {
            targets = ordered(targets);
            requireLora(rank, alpha);
        }
    }

    private static void requireLora(int rank, double alpha) {
        require(rank >= 1, "rank is " + rank + ", not at least 1");
        require(alpha > 0 && Double.isFinite(alpha), "alpha is " + alpha + ", not a positive number");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new EngineException(Kind.INVALID_SPEC, "adapter: " + otherwise + ".");
        }
    }

    /** In the order of declaration, so that equal specifications also read alike. */
    private static Set<Target> ordered(Set<Target> targets) {
        Set<Target> copy = EnumSet.noneOf(Target.class);
        copy.addAll(targets);
        require(!copy.isEmpty(), "targets is empty");
        return Collections.unmodifiableSet(copy);
    }

    /** Every weight of the model, as pretraining does. */
    record FullParameters() implements AdapterSpec {}
}
