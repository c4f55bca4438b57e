package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterTensors.Factor;
import dev.remix.engine.adapter.AdapterTensors.Router;
import dev.remix.engine.files.ForeignDirectory;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.StoredTensor;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** An adapter's directory; docs/adapter-format.md is its description. */
final class AdapterFiles {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String CONFIG = "adapter_config.json";

    private AdapterFiles() {}

    static void write(Path directory, AdapterSpec spec, String baseModel, List<Weight> weights) {
        SafetensorsWriter.write(directory.resolve(WEIGHTS), weights, NumberFormat.F32, Map.of("format", "pt"));
        try {
            JSON.writerWithDefaultPrettyPrinter()
                    .writeValue(directory.resolve(CONFIG), AdapterConfig.toJson(spec, baseModel));
            Manifest.write(directory, List.of(CONFIG, WEIGHTS));
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
        try (SafetensorsFile file = SafetensorsFile.open(new ForeignDirectory(directory).require(WEIGHTS))) {
            List<Weight> weights = new ArrayList<>();
            for (Factor factor : tensors.factors()) {
                weights.add(read(file, factor.name(), factor.shape()));
            }
            for (Router router : tensors.routers()) {
                weights.add(read(file, router.name(), router.shape()));
            }
            return weights;
        }
    }

    private static Weight read(SafetensorsFile file, String name, List<Long> shape) {
        StoredTensor stored = file.find(name)
                .orElseThrow(() -> new EngineException(
                        Kind.STORAGE,
                        "The adapter lacks the tensor %s, which its %s asks for; get the adapter again."
                                .formatted(name, CONFIG)));
        if (!stored.shape().equals(shape)) {
            throw new EngineException(
                    Kind.INVALID_SPEC,
                    "The adapter's %s has the shape %s; this model and its configuration need %s."
                            .formatted(name, stored.shape(), shape));
        }
        return stored.requireFinite().values();
    }
}
