package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.Adapter.Use;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Remix;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.generate.Generator;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;
import java.util.List;
import java.util.stream.Stream;

/** A model with its adapter on one device, and the calls into {@code torchscript/training.py}; one thread at a time. */
final class Replica implements AutoCloseable {
    private static final long LARGEST_ARRAY = 32L << 20;

    private final Compute compute;
    private final Decoder decoder;
    private final Adapter adapter;
    private final boolean recompute;
    private final StepNoise noise;
    private final Script script;
    private final Script sums;

    /** Takes decoder and adapter over and closes them. */
    Replica(Compute compute, Decoder decoder, Adapter adapter, RunSpec spec) {
        this.compute = compute;
        this.decoder = decoder;
        this.adapter = adapter;
        this.recompute = spec.options().execution().recompute();
        this.noise = new StepNoise(spec.seed(), adapter.sites().size(), adapter.loras(), adapter.selectsByExample());
        this.script = Script.load(compute, "training");
        this.sums = Script.load(compute, "optimizer");
    }

    /**
     * Tokens of a part where nobody asked for a number. On a CPU, so many that no array of a layer passes 32 MiB: larger ones
     * are given back to the kernel each time and faulted in again page by page, which made a step of four draws a tenth slower.
     */
    static int tokensAtOnce(DecoderConfig config, int draws, boolean gpu) {
        if (gpu) {
            return Integer.MAX_VALUE;
        }
        long widest = Math.max(config.inner(), config.hidden());
        return Math.toIntExact(Math.max(1, LARGEST_ARRAY / (Float.BYTES * widest * draws)));
    }

    int tokensAtOnce() {
        return tokensAtOnce(decoder.config(), draws(), compute.device().isGpu());
    }

    /** What is trained, in the order of the gradients. */
    List<NDArray> parameters() {
        return adapter.spec() instanceof AdapterSpec.FullParameters
                ? Stream.concat(decoder.matrices().stream(), decoder.vectors().stream())
                        .toList()
                : Stream.concat(adapter.factors().stream(), adapter.routers().stream())
                        .toList();
    }

    /**
     * What a part of a step adds to it.
     *
     * @param gradients of the parameters, of the step's whole scalar
     */
    record Gradient(PartFigures figures, NDList gradients) {}

    /**
     * @param total weight of all targets of the whole step
     * @param owner of the gradients
     */
    Gradient gradient(Batch part, int step, double total, NDManager owner) {
        try (NDManager scope = compute.scope()) {
            NDList results =
                    bindStep(script, "gradient", part, step, total, scope).run(scope);
            NDList gradients = results.subNDList(3);
            gradients.attach(owner);
            return new Gradient(PartFigures.of(part, adapter, results), gradients);
        }
    }

    /** A call with everything that a step's part has. */
    ScriptCall bindStep(Script script, String method, Batch part, int step, double total, NDManager scope) {
        return bind(script.call(method), part, Use.TRAINING, scope)
                .with("noise", drawNoise(step, draws(), part, scope))
                .with("keys", dropoutKeys(step, part, scope))
                .with("options", HostArrays.of(scope, options(total)));
    }

    private double[] options(double total) {
        double again = recompute ? 1 : 0;
        if (adapter.spec() instanceof Remix remix) {
            AdapterSpec.Reinforce reinforce = remix.reinforce();
            return new double[] {
                total,
                again,
                reinforce.adapterGradient() == AdapterGradient.SINGLE ? 1 : 0,
                reinforce.normaliseAdvantages() ? 1 : 0,
                reinforce.entropyBonus(),
                reinforce.uniformDivergence()
            };
        }
        return new double[] {total, again, 0, 0, 0, 0};
    }

    private int draws() {
        return adapter.spec() instanceof Remix remix ? remix.reinforce().draws() : 1;
    }

    private NDArray drawNoise(long step, int draws, Batch part, NDManager scope) {
        if (!(adapter.spec() instanceof Remix)) {
            return scope.zeros(new Shape(1, 1, 1, 1));
        }
        int inputs = adapter.selectsByExample() ? part.size() : part.positions();
        Shape shape = new Shape(draws, adapter.sites().size(), inputs, adapter.loras());
        return scope.create(noise.gumbel(step, draws, part), shape);
    }

    private NDArray dropoutKeys(long step, Batch part, NDManager scope) {
        return adapter.dropout() > 0 ? scope.create(noise.dropoutKeys(step, part)) : scope.zeros(new Shape(1));
    }

    /** Adds gradients of another part to the first one's, in place. */
    void accumulate(NDList whole, NDList more) {
        try (NDManager scope = compute.scope()) {
            var _ = sums.call("add").with("sums", whole).with("gradients", more).run(scope);
        }
    }

    /** Without a gradient, with the policy's own selections. */
    PartFigures evaluate(Batch batch) {
        try (NDManager scope = compute.scope()) {
            return evaluate(batch, Use.INFERENCE, silence(scope), scope);
        }
    }

    /** With the LoRAs of highest preference at each site, [sites·N], whatever the input. */
    PartFigures forced(Batch batch, float[] preference) {
        try (NDManager scope = compute.scope()) {
            Shape shape = new Shape(1, adapter.sites().size(), 1, adapter.loras());
            return evaluate(batch, Use.FORCED, scope.create(preference, shape), scope);
        }
    }

    /** With uniformly random subsets, fixed by {@code draw}. */
    PartFigures uniform(Batch batch, long draw) {
        try (NDManager scope = compute.scope()) {
            return evaluate(batch, Use.FORCED, drawNoise(draw, 1, batch, scope), scope);
        }
    }

    private PartFigures evaluate(Batch batch, Use use, NDArray scores, NDManager scope) {
        NDList results = bind(script.call("evaluate"), batch, use, scope)
                .with("noise", scores)
                .infer(scope);
        return PartFigures.of(batch, adapter, results);
    }

    private NDArray silence(NDManager scope) {
        int sites = Math.max(1, adapter.sites().size());
        return scope.zeros(new Shape(1, sites, 1, adapter.loras()));
    }

    private ScriptCall bind(ScriptCall call, Batch batch, Use use, NDManager scope) {
        return adapter.bind(decoder.bind(BatchArrays.bind(call, batch, scope)), use, scope);
    }

    Generator generator() {
        return Generator.of(compute, decoder, adapter);
    }

    Compute compute() {
        return compute;
    }

    Decoder decoder() {
        return decoder;
    }

    Adapter adapter() {
        return adapter;
    }

    @Override
    public void close() {
        script.close();
        sums.close();
        adapter.close();
        decoder.close();
        compute.close();
    }
}
