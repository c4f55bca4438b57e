package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.files.ForeignDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Which shard holds which tensor, as model.safetensors.index.json has it. */
record ShardIndex(Map<String, String> shardByTensor) {
    static final String NAME = "model.safetensors.index.json";

    /** An index is somebody else's file: it names files beside it and nothing further away. */
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

    static ShardIndex read(ForeignDirectory directory) {
        return of(directory.json(NAME));
    }

    static ShardIndex of(JsonNode json) {
        JsonNode map = json.path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw damaged("it has no weight_map");
        }
        Map<String, String> shardByTensor = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            shardByTensor.put(entry.getKey(), plain(entry.getValue()));
        }
        return new ShardIndex(shardByTensor);
    }

    private static String plain(JsonNode shard) {
        String name = shard.asString("");
        if (!SHARD.matcher(name).matches()) {
            String shown = name.length() <= 60 ? name : name.substring(0, 60) + "…";
            throw damaged("it names the file \"" + shown.replaceAll("\\p{Cntrl}", "?")
                    + "\", which is no safetensors file beside it");
        }
        return name;
    }

    List<String> shards() {
        return shardByTensor.values().stream().distinct().sorted().toList();
    }

    /** Refuses an index that promises a shard that is not there, before any of the others is opened. */
    void requireShards(ForeignDirectory directory) {
        List<String> missing =
                shards().stream().filter(shard -> !directory.has(shard)).toList();
        if (!missing.isEmpty()) {
            throw new EngineException(
                    Kind.STORAGE,
                    "%s names %s, which is not in %s (%d of %d files are missing); get the whole model."
                            .formatted(NAME, missing.getFirst(), directory.name(), missing.size(), shards().size()));
        }
    }

    /** Refuses an index whose tensors are not where it says. */
    void requireTensors(Map<String, SafetensorsFile> files) {
        shardByTensor.forEach((tensor, shard) -> {
            SafetensorsFile file = files.get(shard);
            if (file == null || !file.names().contains(tensor)) {
                throw new EngineException(
                        Kind.STORAGE,
                        "%s looks for tensor %s in %s, which lacks it; get both files again."
                                .formatted(NAME, tensor, shard));
            }
        });
    }

    private static EngineException damaged(String problem) {
        return new EngineException(Kind.STORAGE, NAME + " is damaged: " + problem + ".");
    }
}
