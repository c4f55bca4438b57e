package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec.Remix;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.generate.GreedyDecoder;
import dev.remix.engine.routing.GumbelNoise;
import dev.remix.engine.routing.SiteFigures;
import dev.remix.engine.routing.Subset;
import dev.remix.engine.routing.Subsets;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunSpec.Options;
import dev.remix.engine.train.StepReport.Draws;
import dev.remix.engine.train.StepReport.SiteBalance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mixture of LoRAs and its routers beside a frozen decoder. The noise that draws the LoRAs is a function of seed and step,
 * made here, so that a step repeats exactly.
 */
final class RemixTrainee implements Trainee {
    private final Compute compute;
    private final Decoder decoder;
    private final Adapter adapter;
    private final Remix spec;
    private final Options options;
    private final GumbelNoise noise;
    private final Script script;
    private final NDManager scope;
    private final Moments factorMoments;
    private final Moments routerMoments;

    /** Takes decoder and adapter over and closes them. */
    RemixTrainee(Compute compute, Decoder decoder, Adapter adapter, Remix spec, Options options, long seed) {
        this.compute = compute;
        this.decoder = decoder;
        this.adapter = adapter;
        this.spec = spec;
        this.options = options;
        this.noise = new GumbelNoise(seed);
        this.script = Script.load(compute, "adapter");
        this.scope = compute.scope();
        this.factorMoments = Moments.zeros(adapter.factors(), scope);
        this.routerMoments = Moments.zeros(adapter.routers(), scope);
    }

    @Override
    public StepFigures step(StepInputs inputs) {
        try (NDManager step = compute.scope()) {
            Batch batch = inputs.batch();
            NDList results = adapter.bind(bind("routed_step", batch, step))
                    .with("prompts", prompts(batch, step))
                    .with("noise", noise(inputs.step(), spec.draws(), batch, step))
                    .with("rates", rates(inputs, step))
                    .with("factor_means", factorMoments.means())
                    .with("factor_squares", factorMoments.squares())
                    .with("router_means", routerMoments.means())
                    .with("router_squares", routerMoments.squares())
                    .run(step);
            return figures(results);
        }
    }

    private NDArray rates(StepInputs inputs, NDManager step) {
        double rate = inputs.learningRate();
        return step.create(new double[] {
            rate,
            options.weightDecay(),
            options.maxGradientNorm(),
            inputs.step(),
            rate * spec.routerLearningRateMultiplier()
        });
    }

    /** [draws, L, B, N] or [draws, L, B, T, N] */
    private NDArray noise(long step, int draws, Batch batch, NDManager owner) {
        long[] sizes = spec.routing() == Routing.SEQUENCE
                ? new long[] {draws, layers(), batch.size(), spec.loras()}
                : new long[] {draws, layers(), batch.size(), batch.width() - 1, spec.loras()};
        Shape shape = new Shape(sizes);
        return owner.create(noise.ofStep(step, draws, Math.toIntExact(shape.size() / draws)), shape);
    }

    private static NDArray prompts(Batch batch, NDManager owner) {
        return owner.create(Arrays.stream(batch.promptLengths()).asLongStream().toArray());
    }

    private StepFigures figures(NDList results) {
        double[] numbers = results.get(0).toDoubleArray();
        List<SiteFigures> figures = SiteFigures.perSite(results.get(1).toDoubleArray());
        List<Subsets> subsets = subsets(results.get(2));
        List<SiteBalance> sites = new ArrayList<>();
        for (int layer = 0; layer < figures.size(); layer++) {
            sites.add(balance("layers." + layer + ".mlp", figures.get(layer), subsets.get(layer)));
        }
        return new StepFigures(
                numbers[0], numbers[1], numbers[2], new Draws(numbers[3], numbers[4], numbers[5]), sites);
    }

    private static SiteBalance balance(String site, SiteFigures figures, Subsets subsets) {
        return new SiteBalance(
                site,
                figures.appliedEffectiveLorasMin(),
                figures.appliedEffectiveLorasMax(),
                figures.policyEffectiveLoras(),
                figures.policyEntropy(),
                subsets.load(),
                subsets.distinct(),
                subsets.perplexity(),
                figures.topKMass());
    }

    private List<Subsets> subsets(NDArray table) {
        return Subsets.perSite(layers(), spec.loras(), spec.active(), table.toLongArray());
    }

    private int layers() {
        return decoder.config().layers();
    }

    @Override
    public double[] losses(Batch batch) {
        return byPolicy(batch).losses();
    }

    /** What one evaluation of a batch gave: each example's summed losses, and the subsets that each site selected. */
    @SuppressWarnings("ArrayRecordComponent")
    record Evaluated(double[] losses, List<Subsets> subsets) {}

    /** With the policy's K most probable at every site. */
    Evaluated byPolicy(Batch batch) {
        try (NDManager step = compute.scope()) {
            return evaluate(adapter.bind(bind("routed_evaluate", batch, step)), batch, silence(step), step);
        }
    }

    /** With this subset at each site, whatever the input. */
    Evaluated forced(Batch batch, List<Subset> subsetOfSite) {
        try (NDManager step = compute.scope()) {
            float[] preference = new float[layers() * spec.loras()];
            for (int site = 0; site < subsetOfSite.size(); site++) {
                int from = site * spec.loras();
                subsetOfSite.get(site).loras().forEach(lora -> preference[from + lora] = 1);
            }
            NDArray selected = step.create(preference, broadcastShape());
            return evaluate(adapter.bindForced(bind("routed_evaluate", batch, step)), batch, selected, step);
        }
    }

    /** With uniformly random subsets, fixed by {@code draw}. */
    Evaluated uniform(Batch batch, long draw) {
        try (NDManager step = compute.scope()) {
            NDArray random = noise(draw, 1, batch, step);
            return evaluate(adapter.bindForced(bind("routed_evaluate", batch, step)), batch, random, step);
        }
    }

    private Evaluated evaluate(ScriptCall call, Batch batch, NDArray scores, NDManager step) {
        NDList results =
                call.with("prompts", prompts(batch, step)).with("noise", scores).infer(step);
        return new Evaluated(results.get(0).toDoubleArray(), subsets(results.get(1)));
    }

    private NDArray silence(NDManager step) {
        return step.zeros(broadcastShape());
    }

    private Shape broadcastShape() {
        return spec.routing() == Routing.SEQUENCE
                ? new Shape(1, layers(), 1, spec.loras())
                : new Shape(1, layers(), 1, 1, spec.loras());
    }

    private ScriptCall bind(String method, Batch batch, NDManager step) {
        return decoder.bind(BatchArrays.of(batch, step).bind(script.call(method)));
    }

    @Override
    public GreedyDecoder generator() {
        return GreedyDecoder.of(compute, decoder, adapter);
    }

    @Override
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        factorMoments.name("factors", adapter.factors(), state);
        routerMoments.name("routers", adapter.routers(), state);
        return state;
    }

    @Override
    public void save(Path directory, String baseModel) {
        adapter.save(directory, baseModel);
    }

    @Override
    public void close() {
        scope.close();
        script.close();
        adapter.close();
        decoder.close();
    }
}
