package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The weights of a Hugging Face model directory: one model.safetensors, or shards with an index. */
public final class WeightFiles implements AutoCloseable {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, SafetensorsFile> fileByTensor = new HashMap<>();

    private WeightFiles() {}

    public static boolean presentIn(Path modelDirectory) {
        return Files.exists(modelDirectory.resolve(SINGLE)) || Files.exists(modelDirectory.resolve(INDEX));
    }

    public static WeightFiles open(Path modelDirectory) {
        WeightFiles weights = new WeightFiles();
        try {
            for (String name : fileNames(modelDirectory)) {
                weights.add(SafetensorsFile.open(modelDirectory.resolve(name)));
            }
        } catch (EngineException e) {
            weights.close();
            throw e;
        }
        return weights;
    }

    private static List<String> fileNames(Path modelDirectory) {
        Path index = modelDirectory.resolve(INDEX);
        if (Files.exists(modelDirectory.resolve(SINGLE)) || !Files.exists(index)) {
            return List.of(SINGLE);
        }
        try {
            JsonNode map = JsonMapper.shared().readTree(index).path("weight_map");
            return map.properties().stream()
                    .map(entry -> entry.getValue().asString(""))
                    .distinct()
                    .sorted()
                    .map(WeightFiles::requirePlainName)
                    .toList();
        } catch (JacksonException e) {
            throw new EngineException(Kind.STORAGE, INDEX + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /** An index is somebody else's file: it names files beside it and nothing further away. */
    private static String requirePlainName(String name) {
        if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.equals("..")) {
            throw new EngineException(
                    Kind.STORAGE, INDEX + " names the file \"" + name + "\", which is not beside it.");
        }
        return name;
    }

    private void add(SafetensorsFile file) {
        files.add(file);
        file.names().forEach(tensor -> fileByTensor.put(tensor, file));
    }

    public Optional<Weight> find(String tensor) {
        return Optional.ofNullable(fileByTensor.get(tensor)).map(file -> file.read(tensor));
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }
}
