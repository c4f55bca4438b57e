package dev.remix.engine.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.decoder.DecoderConfig.Activation;
import dev.remix.engine.decoder.DecoderTensors.Role;
import dev.remix.engine.decoder.DecoderTensors.Tensor;
import dev.remix.engine.device.Compute;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.script.StoredCopies;
import dev.remix.engine.script.TensorCopies;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.StoredTensor;
import dev.remix.engine.weights.Weight;
import dev.remix.engine.weights.WeightFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;

/** A decoder's weights on a device, in the order and with the constants that {@code torchscript/decoder.py} wants. */
public final class Decoder implements AutoCloseable {
    private final DecoderConfig config;
    private final NDManager scope;
    private final NDArray constants;
    private final NDArray rotaryTables;
    private final List<NDArray> matrices;
    private final List<NDArray> vectors;

    /** Of arrays that lie on the device already; takes {@code scope} over and closes it. */
    public Decoder(DecoderConfig config, NDManager scope, List<NDArray> matrices, List<NDArray> vectors) {
        this.config = config;
        this.scope = scope;
        this.constants = HostArrays.of(scope, constants(config));
        this.rotaryTables = RotaryTables.create(scope, config);
        this.matrices = List.copyOf(matrices);
        this.vectors = List.copyOf(vectors);
    }

    private static double[] constants(DecoderConfig config) {
        DecoderConfig.Attention attention = config.attention();
        double scale = attention.scale() == 0 ? 1 / Math.sqrt(config.headWidth()) : attention.scale();
        double[] model = {
            config.layers(),
            config.heads(),
            config.keyHeads(),
            config.headWidth(),
            flag(config.tied()),
            config.normEpsilon(),
            flag(attention.queryKeyValueBias()),
            flag(attention.outputBias()),
            flag(config.feedForward().bias()),
            flag(attention.queryKeyNorm()),
            flag(config.postNorms()),
            flag(config.feedForward().activation() == Activation.GELU_TANH),
            config.embeddingScale(),
            scale,
            attention.softCap(),
            config.logitSoftCap()
        };
        DoubleStream windows = attention.windows().stream().mapToDouble(Integer::doubleValue);
        DoubleStream layers = DoubleStream.concat(windows, DoubleStream.of(RotaryTables.ofLayers(config)));
        return DoubleStream.concat(DoubleStream.of(model), layers).toArray();
    }

    private static double flag(boolean set) {
        return set ? 1 : 0;
    }

    /** Reads a model directory; with BF16 the matrices are held, and multiplied, in bfloat16. */
    public static Decoder load(Compute compute, Path modelDirectory, NumberFormat matrixFormat) {
        DecoderConfig config = DecoderConfig.read(modelDirectory);
        try (WeightFiles files = WeightFiles.open(modelDirectory);
                StoredCopies copies = new StoredCopies(compute)) {
            DecoderTensors tensors = new DecoderTensors(config);
            files.require(tensors.shapes(), tensors::ignorable);
            float offset = config.unitOffsetNorms() ? 1 : 0;
            return create(compute, config, (tensor, owner) -> {
                StoredTensor stored = files.stored(tensor.name()).orElseThrow().requireFinite();
                NDArray array = copies.copy(stored, tensor.isMatrix() ? matrixFormat : NumberFormat.F32, owner);
                return tensor.role() == Role.GAIN && offset != 0 ? array.addi(offset) : array;
            });
        }
    }

    private static float[] shifted(float[] values, float offset) {
        for (int i = 0; offset != 0 && i < values.length; i++) {
            values[i] += offset;
        }
        return values;
    }

    /** Weights that take as long to multiply by as a model's, and say nothing. */
    public static Decoder zeros(Compute compute, DecoderConfig config, NumberFormat matrixFormat) {
        try (TensorCopies copies = new TensorCopies(compute)) {
            return create(compute, config, (tensor, owner) -> {
                try (NDManager temporary = compute.scope()) {
                    NDArray zeros = temporary.zeros(new Shape(tensor.shape()));
                    boolean narrow = tensor.isMatrix() && matrixFormat == NumberFormat.BF16;
                    return narrow ? copies.bfloat16(zeros, owner) : copies.copy(zeros, owner);
                }
            });
        }
    }

    /**
     * Weights to pretrain from: normal with deviation 1/sqrt(inputs), so that a narrow model starts with activations as large
     * as a wide one's (the usual 0.02 fits widths of thousands; at 128 it cost most of the training); divided by
     * sqrt(2·layers) where a product is added to the residual stream, so that its variance does not grow with depth (GPT-2);
     * gains at 1, biases at 0.
     */
    public static Decoder initialise(Compute compute, DecoderConfig config, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (TensorCopies copies = new TensorCopies(compute)) {
            return create(compute, config, (tensor, owner) -> {
                try (NDManager temporary = compute.scope()) {
                    float[] values = initial(config, tensor, random.split());
                    return copies.copy(temporary.create(values, new Shape(tensor.shape())), owner);
                }
            });
        }
    }

    private static float[] initial(DecoderConfig config, Tensor tensor, SplittableRandom random) {
        double width = Math.sqrt(tensor.shape().getLast());
        float[] values = new float[tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (tensor.role()) {
                case MATRIX -> (float) (random.nextGaussian() / width);
                case INTO_RESIDUAL -> (float) (random.nextGaussian() / (width * Math.sqrt(2.0 * config.layers())));
                case GAIN -> 1;
                case BIAS -> 0;
            };
        }
        return values;
    }

    /** Puts one tensor onto the device: only placed ones ever lie in memory whole. */
    @FunctionalInterface
    private interface Placing {
        NDArray place(Tensor tensor, NDManager owner);
    }

    private static Decoder create(Compute compute, DecoderConfig config, Placing placing) {
        NDManager scope = compute.scope();
        DecoderTensors tensors = new DecoderTensors(config);
        try {
            List<NDArray> matrices = place(tensors.matrices(), placing, scope);
            List<NDArray> vectors = place(tensors.vectors(), placing, scope);
            return new Decoder(config, scope, matrices, vectors);
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private static List<NDArray> place(List<Tensor> tensors, Placing placing, NDManager owner) {
        return tensors.stream().map(tensor -> placing.place(tensor, owner)).toList();
    }

    public DecoderConfig config() {
        return config;
    }

    /** Weight matrices, [O, D] each; bfloat16 ones must not be read by Java. */
    public List<NDArray> matrices() {
        return matrices;
    }

    /** A layer's matrix of one of its seven projections, in the order q, k, v, o, gate, up, down. */
    public NDArray matrix(int layer, int projection) {
        return matrices.get(1 + 7 * layer + projection);
    }

    /** Gains and biases, in the order of {@code torchscript/decoder.py}. */
    public List<NDArray> vectors() {
        return vectors;
    }

    /** Binds {@code config, tables, matrices, vectors}, in that order. */
    public ScriptCall bind(ScriptCall call) {
        return call.with("config", constants)
                .with("tables", rotaryTables)
                .with("matrices", matrices)
                .with("vectors", vectors);
    }

    /** Writes model.safetensors in bfloat16 under Hugging Face's names. */
    public void save(Path directory) {
        DecoderTensors tensors = new DecoderTensors(config);
        List<Weight> weights = new ArrayList<>();
        collect(tensors.matrices(), matrices, weights);
        collect(tensors.vectors(), vectors, weights);
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"), weights, NumberFormat.BF16, Map.of("format", "pt"));
    }

    private void collect(List<Tensor> tensors, List<NDArray> arrays, List<Weight> into) {
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            float offset = config.unitOffsetNorms() && tensor.role() == Role.GAIN ? -1 : 0;
            into.add(new Weight(
                    tensor.name(), tensor.shape(), shifted(arrays.get(i).toFloatArray(), offset)));
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
