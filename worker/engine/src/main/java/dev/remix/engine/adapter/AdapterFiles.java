package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.files.ForeignDirectory;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.StoredTensor;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** An adapter's directory; docs/adapter-format.md is its description. */
final class AdapterFiles {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String CONFIG = ConfigMembers.FILE;

    /** Runs any of our adapters on a model of transformers; a directory carries it, so that nothing has to be installed. */
    private static final String MODULE = "remix_adapter.py";

    private AdapterFiles() {}

    static void write(Path directory, AdapterSpec spec, String baseModel, List<Weight> weights) {
        SafetensorsWriter.write(directory.resolve(WEIGHTS), weights, NumberFormat.F32, Map.of("format", "pt"));
        try (InputStream module = AdapterFiles.class.getResourceAsStream("/python/" + MODULE)) {
            Objects.requireNonNull(module, MODULE);
            Files.copy(module, directory.resolve(MODULE), StandardCopyOption.REPLACE_EXISTING);
            JSON.writerWithDefaultPrettyPrinter()
                    .writeValue(directory.resolve(CONFIG), AdapterConfig.toJson(spec, baseModel));
            Manifest.write(directory, List.of(CONFIG, WEIGHTS, MODULE));
        } catch (IOException | JacksonException e) {
            throw new EngineException(Kind.STORAGE, "The adapter can't be written: " + e.getMessage(), e);
        }
    }

    static AdapterSpec readSpec(Path directory) {
        Manifest.verify(directory, List.of(CONFIG, WEIGHTS));
        return AdapterConfig.fromJson(new ForeignDirectory(directory).json(CONFIG));
    }

    /** In the order of {@link AdapterTensors}, factors first. */
    static List<Weight> readWeights(Path directory, AdapterTensors tensors) {
        try (SafetensorsFile file = open(directory)) {
            Map<String, List<Long>> shapes = tensors.shapes();
            requireFitting(file, shapes);
            return shapes.keySet().stream()
                    .map(name -> file.find(name).orElseThrow().requireFinite().values())
                    .toList();
        }
    }

    /** Holds the file's header against what a model and a specification need. */
    static void requireTensors(Path directory, AdapterTensors tensors) {
        try (SafetensorsFile file = open(directory)) {
            requireFitting(file, tensors.shapes());
        }
    }

    private static SafetensorsFile open(Path directory) {
        return SafetensorsFile.open(new ForeignDirectory(directory).require(WEIGHTS));
    }

    private static void requireFitting(SafetensorsFile file, Map<String, List<Long>> shapes) {
        shapes.forEach((name, shape) -> requireShape(file, name, shape));
        file.names().stream()
                .filter(name -> !shapes.containsKey(name))
                .findFirst()
                .ifPresent(AdapterFiles::refuseSurplus);
    }

    private static void requireShape(SafetensorsFile file, String name, List<Long> wanted) {
        List<Long> shape = file.find(name).map(StoredTensor::shape).orElseThrow(() -> missing(name));
        if (!shape.equals(wanted)) {
            throw new EngineException(
                    Kind.INVALID_SPEC,
                    "The adapter's %s has the shape %s; this model and its configuration need %s."
                            .formatted(name, shape, wanted));
        }
    }

    private static EngineException missing(String name) {
        return new EngineException(
                Kind.INVALID_SPEC,
                "%s has no tensor %s, which this model and %s need; the adapter is another model's, or cut short."
                        .formatted(WEIGHTS, name, CONFIG));
    }

    private static void refuseSurplus(String name) {
        throw new EngineException(
                Kind.INVALID_SPEC,
                "%s holds %s, which no adapter of this model and %s has; only LoRAs of the projections are supported."
                        .formatted(WEIGHTS, name, CONFIG));
    }
}
