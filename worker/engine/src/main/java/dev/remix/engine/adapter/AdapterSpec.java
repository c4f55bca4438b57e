package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is trained beside, or instead of, the base model. Kinds differ in their gate and parameters only; letters as in
 * {@code docs/method.md}.
 */
public sealed interface AdapterSpec {

    /** Projections that can carry LoRAs, in the order of {@code torchscript/decoder.py}. */
    enum Target {
        Q_PROJ(0),
        K_PROJ(1),
        V_PROJ(2),
        O_PROJ(3),
        GATE_PROJ(4),
        UP_PROJ(5),
        DOWN_PROJ(6);

        private final int index;

        Target(int index) {
            this.index = index;
        }

        /** Among a layer's seven. */
        public int index() {
            return index;
        }

        public boolean ofAttention() {
            return index <= 3;
        }
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

    /** Whether the projections of a block (attention, feed-forward) share a router, or each has its own. */
    enum Routers {
        BLOCK,
        PROJECTION
    }

    /** Where the adapters' gradient comes from: the mean over the draws, or one draw chosen independently of the losses. */
    enum AdapterGradient {
        MEAN,
        SINGLE
    }

    /**
     * The LoRAs themselves.
     *
     * @param rank R of one LoRA
     * @param dropout share of a LoRA's inputs that training leaves out, 0..1
     */
    record Factors(int rank, double alpha, Scaling scaling, Set<Target> targets, double dropout) {
        public Factors {
            targets = ordered(targets);
            require(rank >= 1, "rank is " + rank + ", not at least 1");
            require(alpha > 0 && Double.isFinite(alpha), "alpha is " + alpha + ", not a positive number");
            require(dropout >= 0 && dropout < 1, "dropout is " + dropout + ", not within 0 and 1");
        }

        public Factors(int rank, double alpha, Scaling scaling, Set<Target> targets) {
            this(rank, alpha, scaling, targets, 0);
        }
    }

    /**
     * Several LoRAs on each target and routers that weigh them.
     *
     * @param loras pool size N
     * @param learningRateMultiplier the routers' learning rate over the adapters'; 0 leaves them as initialised
     */
    record Pool(int loras, Routing routing, Routers routers, double learningRateMultiplier) {
        public Pool {
            require(loras >= 1, "loras is " + loras + ", not at least 1");
            require(
                    learningRateMultiplier >= 0 && Double.isFinite(learningRateMultiplier),
                    "router_learning_rate_multiplier is negative");
        }
    }

    /** One LoRA on each target; {@code magnitude} learns the length of each row apart from its direction (DoRA). */
    record Lora(Factors factors, boolean magnitude) implements AdapterSpec {
        public Lora(Factors factors) {
            this(factors, false);
        }
    }

    /**
     * A mixture with constant weights and routers trained by REINFORCE leave-one-out.
     *
     * @param active K, 1..N
     */
    record Remix(Factors factors, Pool pool, int active, Reinforce reinforce) implements AdapterSpec {
        public Remix {
            requireActive(active, pool);
        }
    }

    /**
     * How the routers of a {@link Remix} learn.
     *
     * @param draws M, at least 2
     * @param normaliseAdvantages each input's advantages by their own deviation: steadier, and biased
     * @param entropyBonus times the policy's entropy in nats, taken off the loss
     * @param uniformDivergence times KL(uniform, policy) in nats, added to the loss
     */
    record Reinforce(
            int draws,
            AdapterGradient adapterGradient,
            boolean normaliseAdvantages,
            double entropyBonus,
            double uniformDivergence) {
        public Reinforce {
            require(draws >= 2, "draws is " + draws + "; leave-one-out needs at least 2");
            require(entropyBonus >= 0 && Double.isFinite(entropyBonus), "entropy_bonus is negative");
            require(uniformDivergence >= 0 && Double.isFinite(uniformDivergence), "uniform_divergence is negative");
        }

        /** As the paper has it. */
        public Reinforce(int draws) {
            this(draws, AdapterGradient.MEAN, false, 0, 0);
        }
    }

    /**
     * Softmax over the K most probable (MixLoRA, arXiv 2404.15159).
     *
     * @param balance coefficient of the load-balance loss, 0.01 in the paper
     */
    record MixLora(Factors factors, Pool pool, int active, double balance) implements AdapterSpec {
        public MixLora {
            requireActive(active, pool);
            require(balance >= 0 && Double.isFinite(balance), "balance is negative");
        }
    }

    /** Softmax over all heads B, one A for all of them (HydraLoRA, arXiv 2404.19245). */
    record HydraLora(Factors factors, Pool pool) implements AdapterSpec {}

    /** Softmax over all LoRAs: equations 1 and 2 of the ReMix paper, which it criticises. */
    record SoftMix(Factors factors, Pool pool) implements AdapterSpec {}

    /** Every weight of the model, as pretraining does. */
    record FullParameters() implements AdapterSpec {}

    private static void requireActive(int active, Pool pool) {
        require(
                active >= 1 && active <= pool.loras(),
                "active is " + active + ", not between 1 and loras " + pool.loras());
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
}
