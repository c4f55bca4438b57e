package dev.remix.engine.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.AdapterTensors.Factor;
import dev.remix.engine.adapter.AdapterTensors.Role;
import dev.remix.engine.adapter.AdapterTensors.Router;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.script.TensorCopies;
import dev.remix.engine.weights.Weight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** LoRAs, and routers where there are any, on a device; {@code torchscript/mixture.py} says what they compute. */
public final class Adapter implements AutoCloseable {
    private static final double ROUTER_DEVIATION = 0.02;

    private final AdapterSpec spec;
    private final AdapterTensors tensors;
    private final NDManager scope;
    private final List<NDArray> factors;
    private final List<NDArray> routers;
    /** Of DoRA: squared norms of the rows of each adapted matrix. */
    private final List<NDArray> squares;
    /** An argument of a script can't be left out, nor a list be empty. */
    private final NDArray noFactors;

    private final NDArray noRouters;
    private final NDArray noSquares;

    /** Of arrays that lie on the device already; takes {@code scope} over and closes it. */
    public Adapter(
            Compute compute,
            AdapterSpec spec,
            Decoder decoder,
            NDManager scope,
            List<NDArray> factors,
            List<NDArray> routers) {
        this.spec = spec;
        this.tensors = AdapterTensors.of(decoder.config(), spec);
        this.scope = scope;
        this.factors = List.copyOf(factors);
        this.routers = List.copyOf(routers);
        this.squares = squares(compute, decoder);
        this.noFactors = scope.zeros(new Shape(1));
        this.noRouters = scope.zeros(new Shape(1));
        this.noSquares = scope.zeros(new Shape(1));
    }

    private List<NDArray> squares(Compute compute, Decoder decoder) {
        return magnitudes()
                .map(factor -> RowNorms.squared(
                        compute, decoder.matrix(factor.layer(), factor.target().index()), scope))
                .toList();
    }

    private Stream<Factor> magnitudes() {
        return tensors.factors().stream().filter(factor -> factor.role() == Role.MAGNITUDE);
    }

    /** No adapter: the model as it is, or trained whole. */
    public static Adapter none(Compute compute, Decoder decoder) {
        return new Adapter(compute, new AdapterSpec.FullParameters(), decoder, compute.scope(), List.of(), List.of());
    }

    /**
     * A uniform within 1/sqrt(inputs), as PEFT has it, B zero, magnitudes those of the matrix, so that training starts from the
     * base model's answers; routers normal with a small deviation, so that it does not start from a collapsed policy.
     */
    public static Adapter initialise(Compute compute, Decoder decoder, AdapterSpec spec, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AdapterTensors tensors = AdapterTensors.of(decoder.config(), spec);
        List<Weight> factors = new ArrayList<>();
        for (Factor factor : tensors.factors()) {
            factors.add(initial(compute, factor, decoder, random.split()));
        }
        List<Weight> routers = new ArrayList<>();
        for (Router router : tensors.routers()) {
            routers.add(initialRouter(router, random.split()));
        }
        return place(compute, decoder, spec, factors, routers);
    }

    private static Weight initial(Compute compute, Factor factor, Decoder decoder, SplittableRandom random) {
        float[] values = new float[Math.toIntExact(factor.shape().stream().reduce(1L, Math::multiplyExact))];
        switch (factor.role()) {
            case A -> {
                double bound = 1 / Math.sqrt(factor.shape().getLast());
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (bound * (2 * random.nextDouble() - 1));
                }
            }
            case B -> {}
            case MAGNITUDE ->
                values = RowNorms.of(
                        compute, decoder.matrix(factor.layer(), factor.target().index()));
        }
        return new Weight(factor.name(), factor.shape(), values);
    }

    private static Weight initialRouter(Router router, SplittableRandom random) {
        float[] values =
                new float[Math.toIntExact(router.shape().get(0) * router.shape().get(1))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (ROUTER_DEVIATION * random.nextGaussian());
        }
        return new Weight(router.name(), router.shape(), values);
    }

    /** Reads a directory that {@link #save} wrote, or a PEFT LoRA of the supported kind. */
    public static Adapter load(Compute compute, Decoder decoder, Path directory) {
        return load(compute, decoder, directory, AdapterFiles.readSpec(directory));
    }

    /** The same to be trained by a specification of the same kind and shape: see {@link WarmStart}. */
    public static Adapter load(Compute compute, Decoder decoder, Path directory, AdapterSpec spec) {
        AdapterTensors tensors = AdapterTensors.of(decoder.config(), spec);
        List<Weight> weights = AdapterFiles.readWeights(directory, tensors);
        int factors = tensors.factors().size();
        return place(compute, decoder, spec, weights.subList(0, factors), weights.subList(factors, weights.size()));
    }

    private static Adapter place(
            Compute compute, Decoder decoder, AdapterSpec spec, List<Weight> factors, List<Weight> routers) {
        NDManager scope = compute.scope();
        try (TensorCopies copies = new TensorCopies(compute)) {
            return new Adapter(
                    compute,
                    spec,
                    decoder,
                    scope,
                    place(compute, factors, copies, scope),
                    place(compute, routers, copies, scope));
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private static List<NDArray> place(Compute compute, List<Weight> weights, TensorCopies copies, NDManager owner) {
        List<NDArray> arrays = new ArrayList<>();
        for (Weight weight : weights) {
            try (NDManager temporary = compute.scope()) {
                arrays.add(copies.copy(temporary.create(weight.values(), new Shape(weight.shape())), owner));
            }
        }
        return arrays;
    }

    public AdapterSpec spec() {
        return spec;
    }

    /** A, B and whatever else a kind has, of each layer's targets in turn. */
    public List<NDArray> factors() {
        return factors;
    }

    /** Those of each layer in turn, or none. */
    public List<NDArray> routers() {
        return routers;
    }

    /** What the routers are called in reports, in their order: {@code layers.<n>.mlp} and so on. */
    public List<String> sites() {
        return tensors.routers().stream().map(Router::site).toList();
    }

    /** Whether a site selects once for a whole example, and not at each of its positions. */
    public boolean selectsByExample() {
        return tensors.plan()
                .routing()
                .filter(AdapterSpec.Routing.SEQUENCE::equals)
                .isPresent();
    }

    /** Share of the inputs that training leaves out. */
    public double dropout() {
        return tensors.plan().factors() == null ? 0 : tensors.plan().factors().dropout();
    }

    /** N. */
    public int loras() {
        return tensors.plan().loras();
    }

    /** K. */
    public int active() {
        return tensors.plan().active();
    }

    /** How one call uses the adapter. */
    public enum Use {
        /** Selections by policy and noise; inputs are dropped out. */
        TRAINING,
        /** Selections by the policy. */
        INFERENCE,
        /** Selections by the noise alone, whatever the policy would choose. */
        FORCED
    }

    /** Binds {@code plan, factors, routers, squares}, in that order; the plan lives as long as {@code call}'s owner. */
    public ScriptCall bind(ScriptCall call, Use use, NDManager owner) {
        boolean gathered = tensors.plan().canGather();
        double[] plan = tensors.plan().values(tensors.extra(), use != Use.FORCED, use == Use.TRAINING, gathered);
        return call.with("plan", HostArrays.of(owner, plan))
                .with("factors", factors.isEmpty() ? List.of(noFactors) : factors)
                .with("routers", routers.isEmpty() ? List.of(noRouters) : routers)
                .with("squares", squares.isEmpty() ? List.of(noSquares) : squares);
    }

    /** Writes adapter_model.safetensors, adapter_config.json, remix_adapter.py and SHA256SUMS. */
    public void save(Path directory, String baseModel) {
        List<Weight> weights = new ArrayList<>();
        collect(tensors.factors().stream().map(Factor::name).toList(), factors, weights);
        collect(tensors.routers().stream().map(Router::name).toList(), routers, weights);
        AdapterFiles.write(directory, spec, baseModel, weights);
    }

    private static void collect(List<String> names, List<NDArray> arrays, List<Weight> into) {
        for (int i = 0; i < names.size(); i++) {
            NDArray array = arrays.get(i);
            List<Long> shape =
                    Arrays.stream(array.getShape().getShape()).boxed().toList();
            into.add(new Weight(names.get(i), shape, array.toFloatArray()));
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
