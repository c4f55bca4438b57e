package dev.remix.engine.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.AdapterTensors.Factor;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.script.TensorCopies;
import dev.remix.engine.weights.Weight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** LoRAs, and routers where there are any, on a device; {@code torchscript/mixture.py} says what they compute. */
public final class Adapter implements AutoCloseable {
    private static final double ROUTER_DEVIATION = 0.02;

    private final AdapterSpec spec;
    private final AdapterTensors tensors;
    private final NDManager scope;
    private final NDArray byPolicy;
    private final NDArray byNoise;
    private final List<NDArray> factors;
    private final List<NDArray> routers;

    /** Of arrays that lie on the device already; takes {@code scope} over and closes it. */
    public Adapter(
            AdapterSpec spec, DecoderConfig config, NDManager scope, List<NDArray> factors, List<NDArray> routers) {
        this.spec = spec;
        this.tensors = new AdapterTensors(config, plan(spec));
        this.scope = scope;
        this.byPolicy = scope.create(tensors.plan().values(true));
        this.byNoise = scope.create(tensors.plan().values(false));
        this.factors = List.copyOf(factors);
        this.routers = List.copyOf(routers);
    }

    private static Plan plan(AdapterSpec spec) {
        return switch (spec) {
            case AdapterSpec.Remix remix -> Plan.of(remix);
            case AdapterSpec.Lora lora -> Plan.of(lora);
            case AdapterSpec.FullParameters full ->
                throw new IllegalArgumentException("All of a model's parameters are no adapter.");
        };
    }

    /**
     * A uniform within 1/sqrt(inputs), as PEFT has it, B zero, so that training starts from the base model's answers; routers
     * normal with a small deviation, so that it does not start from a collapsed policy.
     */
    public static Adapter initialise(Compute compute, DecoderConfig config, AdapterSpec spec, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AdapterTensors tensors = new AdapterTensors(config, plan(spec));
        List<Weight> factors = new ArrayList<>();
        for (Factor factor : tensors.factors()) {
            factors.add(initial(factor, random.split()));
        }
        List<Weight> routers = new ArrayList<>();
        for (String router : tensors.routers()) {
            routers.add(initialRouter(router, tensors.routerShape(), random.split()));
        }
        return place(compute, config, spec, factors, routers);
    }

    private static Weight initial(Factor factor, SplittableRandom random) {
        float[] values =
                new float[Math.toIntExact(factor.shape().get(0) * factor.shape().get(1))];
        double bound = 1 / Math.sqrt(factor.shape().get(1));
        for (int i = 0; factor.down() && i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return new Weight(factor.name(), factor.shape(), values);
    }

    private static Weight initialRouter(String name, List<Long> shape, SplittableRandom random) {
        float[] values = new float[Math.toIntExact(shape.get(0) * shape.get(1))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (ROUTER_DEVIATION * random.nextGaussian());
        }
        return new Weight(name, shape, values);
    }

    /** Reads a directory that {@link #save} wrote, or a PEFT LoRA of the supported kind. */
    public static Adapter load(Compute compute, DecoderConfig config, Path directory) {
        AdapterSpec spec = AdapterFiles.readSpec(directory);
        AdapterTensors tensors = new AdapterTensors(config, plan(spec));
        List<Weight> weights = AdapterFiles.readWeights(directory, tensors);
        int factors = tensors.factors().size();
        return place(compute, config, spec, weights.subList(0, factors), weights.subList(factors, weights.size()));
    }

    private static Adapter place(
            Compute compute, DecoderConfig config, AdapterSpec spec, List<Weight> factors, List<Weight> routers) {
        NDManager scope = compute.scope();
        try (TensorCopies copies = new TensorCopies(compute)) {
            return new Adapter(
                    spec,
                    config,
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
        try (NDManager temporary = compute.scope()) {
            for (Weight weight : weights) {
                arrays.add(copies.copy(temporary.create(weight.values(), new Shape(weight.shape())), owner));
            }
        }
        return arrays;
    }

    public AdapterSpec spec() {
        return spec;
    }

    /** A and B of each layer's targets, in turn. */
    public List<NDArray> factors() {
        return factors;
    }

    /** One for each layer, or none. */
    public List<NDArray> routers() {
        return routers;
    }

    /** Binds {@code plan, factors} and, of a mixture, {@code routers}, in that order. */
    public ScriptCall bind(ScriptCall call) {
        return bind(call, byPolicy);
    }

    /** The same with selections made by the noise alone, whatever the policy would choose. */
    public ScriptCall bindForced(ScriptCall call) {
        return bind(call, byNoise);
    }

    private ScriptCall bind(ScriptCall call, NDArray plan) {
        ScriptCall bound = call.with("plan", plan).with("factors", factors);
        return routers.isEmpty() ? bound : bound.with("routers", routers);
    }

    /** Writes adapter_model.safetensors, adapter_config.json and SHA256SUMS. */
    public void save(Path directory, String baseModel) {
        List<Weight> weights = new ArrayList<>();
        List<String> factorNames = tensors.factors().stream().map(Factor::name).toList();
        collect(factorNames, factors, weights);
        collect(tensors.routers(), routers, weights);
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
