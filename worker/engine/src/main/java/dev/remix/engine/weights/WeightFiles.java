package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.files.ForeignDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The weights of a Hugging Face model directory: one model.safetensors, or shards with an index.
 *
 * <p>Opening reads headers only, and {@link #require} holds them against a model's configuration: a directory that can't be
 * loaded is refused before any weight takes memory.
 */
public final class WeightFiles implements AutoCloseable {
    private static final String SINGLE = "model.safetensors";

    /** What can run code when it is read, or what this program has no reader for. */
    private static final Pattern OTHER_WEIGHTS = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl|h5|msgpack|gguf|npz)");

    private final Map<String, SafetensorsFile> files = new LinkedHashMap<>();
    private final Map<String, String> fileByTensor = new HashMap<>();

    private WeightFiles() {}

    public static boolean presentIn(Path modelDirectory) {
        return Files.exists(modelDirectory.resolve(SINGLE)) || Files.exists(modelDirectory.resolve(ShardIndex.NAME));
    }

    public static WeightFiles open(Path modelDirectory) {
        ForeignDirectory directory = new ForeignDirectory(modelDirectory);
        WeightFiles weights = new WeightFiles();
        try {
            if (directory.has(SINGLE)) {
                weights.add(SINGLE, directory);
            } else if (directory.has(ShardIndex.NAME)) {
                weights.addShards(directory);
            } else {
                throw new EngineException(Kind.MODEL_NOT_FOUND, absent(directory));
            }
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private void addShards(ForeignDirectory directory) {
        ShardIndex index = ShardIndex.read(directory);
        index.requireShards(directory);
        index.shards().forEach(shard -> add(shard, directory));
        index.requireTensors(files);
    }

    private void add(String name, ForeignDirectory directory) {
        SafetensorsFile file = SafetensorsFile.open(directory.require(name));
        files.put(name, file);
        for (String tensor : file.names()) {
            String other = fileByTensor.put(tensor, name);
            if (other != null) {
                throw new EngineException(
                        Kind.STORAGE,
                        "Tensor %s is in %s and in %s; get the model again.".formatted(tensor, other, name));
            }
        }
    }

    private static String absent(ForeignDirectory directory) {
        String others = directory.names().stream()
                .filter(name -> OTHER_WEIGHTS.matcher(name).matches())
                .limit(3)
                .collect(Collectors.joining(", "));
        return others.isEmpty()
                ? directory.name() + " has no weights: neither " + SINGLE + " nor " + ShardIndex.NAME + "."
                : "%s has its weights as %s only; just safetensors are read, never pickles: save the model again as safetensors."
                        .formatted(directory.name(), others);
    }

    /** The tensor's dimensions, of which nothing but the header has been read. */
    public Optional<List<Long>> shape(String tensor) {
        return stored(tensor).map(StoredTensor::shape);
    }

    /** The tensor as it lies in its file. */
    public Optional<StoredTensor> stored(String tensor) {
        return Optional.ofNullable(fileByTensor.get(tensor)).map(files::get).flatMap(file -> file.find(tensor));
    }

    /** The tensor's values, all of them finite. */
    public Optional<Weight> find(String tensor) {
        return stored(tensor).map(StoredTensor::requireFinite).map(StoredTensor::values);
    }

    /**
     * Holds the headers against what a model is made of: every tensor is there in its shape, and none that the model would
     * leave out of its arithmetic.
     *
     * @param shapes of every tensor that the model needs
     * @param ignorable which further tensors change nothing, such as tables that are computed anew
     */
    public void require(Map<String, List<Long>> shapes, Predicate<String> ignorable) {
        requirePresent(shapes);
        shapes.forEach(this::requireShape);
        fileByTensor.keySet().stream()
                .filter(tensor -> !shapes.containsKey(tensor) && !ignorable.test(tensor))
                .min(String::compareTo)
                .ifPresent(this::refuseSurplus);
    }

    private void requirePresent(Map<String, List<Long>> shapes) {
        List<String> missing = new ArrayList<>(shapes.keySet());
        missing.removeIf(fileByTensor::containsKey);
        if (!missing.isEmpty()) {
            throw new EngineException(
                    Kind.STORAGE,
                    "The model's weights lack the tensor %s (%d of the %d that config.json asks for are missing); get the whole model."
                            .formatted(missing.getFirst(), missing.size(), shapes.size()));
        }
    }

    private void requireShape(String tensor, List<Long> wanted) {
        StoredTensor stored = stored(tensor).orElseThrow();
        if (!stored.shape().equals(wanted)) {
            throw new EngineException(
                    Kind.STORAGE,
                    "%s: tensor %s has the shape %s where config.json asks for %s; the two are not of one model."
                            .formatted(stored.file(), tensor, stored.shape(), wanted));
        }
    }

    private void refuseSurplus(String tensor) {
        throw new EngineException(
                Kind.INVALID_SPEC,
                "%s holds tensor %s, which a model of this config.json does not have; it can't be trained without it."
                        .formatted(fileByTensor.get(tensor), tensor));
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsFile::close);
    }
}
