package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.Adapter.Use;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.script.Script;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.RunSpec.Execution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An adapter computes what the decoder computes with W + sum g_i B_i A_i in place of W, g the weights that its kind gives to what
 * its routers say: the definition, by another way. What a router says for a whole example is one weight for all positions.
 */
class MergedWeightsTest {
    private static final int LORAS = 4;
    private static final int RANK = 3;
    private static final double ALPHA = 5;
    private static final int ACTIVE = 2;
    private static final List<Example> EXAMPLES = TinyModel.examples(2, 3);

    /** A kind, and the weights of its LoRAs for one router's logits. */
    record Case(String name, AdapterSpec spec, Weights weights) {
        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    interface Weights {
        double[] of(double[] logits);
    }

    static Stream<Case> kinds() {
        return targetSets()
                .flatMap(targets -> Stream.of(Routers.values())
                        .flatMap(routers -> Stream.of(
                                remix(Scaling.LORA, ALPHA / (ACTIVE * RANK), targets, routers),
                                remix(Scaling.RSLORA, ALPHA / Math.sqrt(ACTIVE * RANK), targets, routers),
                                new Case(
                                        "mixlora " + targets + routers,
                                        new AdapterSpec.MixLora(
                                                factors(Scaling.LORA, targets), pool(routers), ACTIVE, 0.01),
                                        logits -> softmax(logits, ACTIVE, ALPHA / RANK)),
                                new Case(
                                        "hydralora " + targets + routers,
                                        new AdapterSpec.HydraLora(factors(Scaling.RSLORA, targets), pool(routers)),
                                        logits -> softmax(logits, LORAS, ALPHA / Math.sqrt(RANK))),
                                new Case(
                                        "softmix " + targets + routers,
                                        new AdapterSpec.SoftMix(factors(Scaling.LORA, targets), pool(routers)),
                                        logits -> softmax(logits, LORAS, ALPHA / RANK)))));
    }

    private static Case remix(Scaling scaling, double omega, Set<Target> targets, Routers routers) {
        return new Case(
                "remix " + scaling + targets + routers,
                new AdapterSpec.Remix(factors(scaling, targets), pool(routers), ACTIVE, new Reinforce(2)),
                logits -> constant(logits, omega));
    }

    private static Stream<Set<Target>> targetSets() {
        return Stream.of(EnumSet.allOf(Target.class), EnumSet.of(Target.O_PROJ, Target.DOWN_PROJ));
    }

    private static Factors factors(Scaling scaling, Set<Target> targets) {
        return new Factors(RANK, ALPHA, scaling, targets);
    }

    private static Pool pool(Routers routers) {
        return new Pool(LORAS, Routing.SEQUENCE, routers, 1);
    }

    private static double[] softmax(double[] logits, int active, double omega) {
        double[] sorted = Arrays.stream(logits).sorted().toArray();
        double least = sorted[logits.length - active];
        double[] powers =
                Arrays.stream(logits).map(x -> x < least ? 0 : Math.exp(x)).toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(power -> omega * power / sum).toArray();
    }

    private static double[] constant(double[] logits, double omega) {
        return Arrays.stream(softmax(logits, ACTIVE, 1))
                .map(share -> share > 0 ? omega : 0)
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aMixtureAddsItsWeighedLoras(Case kind) {
        try (Replica replica = Float64Model.replica(Float64Model.spec(kind.spec, Execution.PLAIN))) {
            for (Example example : EXAMPLES) {
                Batch alone = new Batch(List.of(example));
                Spoken spoken = Spoken.of(replica, alone);
                List<double[]> weights =
                        spoken.logitsOfSite.stream().map(kind.weights::of).toList();
                assertSameLoss(replica, alone, spoken.loss, weights);
                assertThat(replica.evaluate(alone).loss()).isEqualTo(spoken.loss);
            }
        }
    }

    @Test
    void aMixtureByTokenAddsTheForcedLorasAtEveryPosition() {
        Pool pool = new Pool(LORAS, Routing.TOKEN, Routers.BLOCK, 1);
        Factors factors = factors(Scaling.LORA, EnumSet.allOf(Target.class));
        AdapterSpec spec = new AdapterSpec.Remix(factors, pool, ACTIVE, new Reinforce(2));
        double on = ALPHA / (ACTIVE * RANK);
        List<double[]> weights = List.of(
                new double[] {on, 0, 0, on}, new double[] {0, on, on, 0}, new double[] {on, on, 0, 0}, new double[] {
                    0, 0, on, on
                });
        try (Replica replica = Float64Model.replica(Float64Model.spec(spec, Execution.PLAIN))) {
            Batch batch = new Batch(EXAMPLES);
            float[] preference = {1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1};
            assertSameLoss(replica, batch, replica.forced(batch, preference).loss(), weights);
        }
    }

    @ParameterizedTest
    @EnumSource(Scaling.class)
    void aPlainLoraAddsItself(Scaling scaling) {
        double omega = scaling == Scaling.LORA ? ALPHA / RANK : ALPHA / Math.sqrt(RANK);
        AdapterSpec spec = new AdapterSpec.Lora(factors(scaling, EnumSet.allOf(Target.class)));
        try (Replica replica = Float64Model.replica(Float64Model.spec(spec, Execution.PLAIN))) {
            Batch batch = new Batch(EXAMPLES);
            assertSameLoss(replica, batch, replica.evaluate(batch).loss(), List.of(new double[] {omega}));
        }
    }

    /** What the routers of all sites said to one example, and its loss by that. */
    private record Spoken(double loss, List<double[]> logitsOfSite) {
        static Spoken of(Replica replica, Batch alone) {
            Adapter adapter = replica.adapter();
            try (NDManager scope = replica.compute().scope();
                    Script script = Script.load(replica.compute(), "enumeration")) {
                NDList result = adapter.bind(
                                replica.decoder().bind(BatchArrays.bind(script.call("forced"), alone, scope)),
                                Use.INFERENCE,
                                scope)
                        .with("noise", scope.zeros(new Shape(1, adapter.sites().size(), 1, LORAS)))
                        .infer(scope);
                double[] logits = result.get(1).toDoubleArray();
                return new Spoken(
                        result.get(0).toDoubleArray()[0],
                        IntStream.range(0, adapter.sites().size())
                                .mapToObj(site -> Arrays.copyOfRange(logits, site * LORAS, (site + 1) * LORAS))
                                .toList());
            }
        }
    }

    private static void assertSameLoss(Replica replica, Batch batch, double loss, List<double[]> weights) {
        assertThat(loss).isCloseTo(merged(replica, batch, weights), within(1e-9));
        double base = lossOf(replica.compute(), replica.decoder(), batch);
        assertThat(Math.abs(loss - base)).as("the LoRAs matter").isGreaterThan(1e-3);
    }

    /** The loss of a decoder without any adapter, whose weights hold the LoRAs. */
    private static double merged(Replica replica, Batch batch, List<double[]> weights) {
        Decoder decoder = replica.decoder();
        try (NDManager owner = replica.compute().scope()) {
            List<NDArray> matrices = new ArrayList<>(TinyModel.widened(decoder.matrices(), owner, 1));
            List<NDArray> factors = replica.adapter().factors();
            List<Target> targets =
                    targets(replica.adapter().spec()).stream().sorted().toList();
            for (int i = 0; i < factors.size() / 2; i++) {
                int layer = i / targets.size();
                Target target = targets.get(i % targets.size());
                double[] ofLoras = weights.get(site(replica.adapter(), layer, target));
                int matrix = 1 + 7 * layer + target.index();
                NDArray a = factors.get(2 * i);
                NDArray b = factors.get(2 * i + 1);
                for (int lora = 0; lora < ofLoras.length; lora++) {
                    matrices.set(
                            matrix, matrices.get(matrix).add(product(a, b, lora).mul(ofLoras[lora])));
                }
            }
            Decoder whole = new Decoder(TinyModel.CONFIG, owner, matrices, decoder.vectors());
            return lossOf(replica.compute(), whole, batch);
        }
    }

    private static Set<Target> targets(AdapterSpec spec) {
        return switch (spec) {
            case AdapterSpec.Lora lora -> lora.factors().targets();
            case AdapterSpec.Remix remix -> remix.factors().targets();
            case AdapterSpec.MixLora mix -> mix.factors().targets();
            case AdapterSpec.HydraLora hydra -> hydra.factors().targets();
            case AdapterSpec.SoftMix soft -> soft.factors().targets();
            case AdapterSpec.FullParameters full -> Set.of();
        };
    }

    /** By the name of the site: the projection's own, or else its block's. A LoRA without a router is its own only weight. */
    private static int site(Adapter adapter, int layer, Target target) {
        String block = "layers." + layer + (target.ofAttention() ? ".self_attn" : ".mlp");
        int own = adapter.sites().indexOf(block + "." + target.name().toLowerCase(Locale.ROOT));
        return own >= 0 ? own : Math.max(0, adapter.sites().indexOf(block));
    }

    private static double lossOf(Compute compute, Decoder decoder, Batch batch) {
        try (Adapter none = Adapter.none(compute, decoder);
                Script script = Script.load(compute, "training");
                NDManager scope = compute.scope()) {
            double[] losses = none.bind(
                            decoder.bind(BatchArrays.bind(script.call("evaluate"), batch, scope)), Use.INFERENCE, scope)
                    .with("noise", scope.zeros(new Shape(1, 1, 1, 1)))
                    .infer(scope)
                    .head()
                    .toDoubleArray();
            return Arrays.stream(losses).sum();
        }
    }

    /** B_i A_i: a LoRA's ranks lie together; one A may serve all. */
    private static NDArray product(NDArray a, NDArray b, int lora) {
        int from = lora * RANK;
        NDArray rows = a.getShape().get(0) == RANK ? a : a.get(new NDIndex("{}:{}", from, from + RANK));
        NDArray columns = b.get(new NDIndex(":, {}:{}", from, from + RANK));
        return columns.matMul(rows);
    }
}
