package dev.remix.service.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The models directory, read anew each time, so that a model that is put there is there. */
@Component
class BaseModels {
    private static final Logger log = LoggerFactory.getLogger(BaseModels.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path directory;
    private final Map<Path, Known> floors = new ConcurrentHashMap<>();

    BaseModels(ModelSettings settings) {
        this.directory = settings.modelsDirectory();
    }

    List<BaseModel> list() {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(this::read)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(BaseModel::id))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<BaseModel> find(String id) {
        return list().stream().filter(model -> model.id().equals(id)).findFirst();
    }

    private Optional<BaseModel> read(Path directory) {
        Path config = directory.resolve("config.json");
        if (Files.notExists(config) || Files.notExists(directory.resolve("tokenizer.json"))) {
            return Optional.empty();
        }
        try {
            JsonNode length = JSON.readTree(config).path("max_position_embeddings");
            if (!length.isInt() || length.intValue() < 1) {
                log.warn("{} names no max_position_embeddings; the model is left out", config);
                return Optional.empty();
            }
            return Optional.of(new BaseModel(
                    directory.getFileName().toString(),
                    directory,
                    length.intValue(),
                    Files.getLastModifiedTime(config).toInstant(),
                    floor(directory)));
        } catch (JacksonException | IOException e) {
            log.warn("{} cannot be read; the model is left out: {}", config, e.getMessage());
            return Optional.empty();
        }
    }

    /** A large vocabulary takes a second to read, so it is kept for as long as its files stay the same. */
    private Optional<TokenFloor> floor(Path directory) throws IOException {
        Path tokenizer = directory.resolve("tokenizer.json");
        Path configuration = directory.resolve("tokenizer_config.json");
        Version version = new Version(Files.getLastModifiedTime(tokenizer), lastModified(configuration));
        Known known = floors.get(directory);
        if (known == null || !known.version().equals(version)) {
            JsonNode settings = Files.exists(configuration) ? JSON.readTree(configuration) : JSON.missingNode();
            known = new Known(version, TokenFloor.of(JSON.readTree(tokenizer), settings));
            floors.put(directory, known);
        }
        return known.floor();
    }

    private static FileTime lastModified(Path file) throws IOException {
        return Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
    }

    private record Version(FileTime tokenizer, FileTime configuration) {}

    private record Known(Version version, Optional<TokenFloor> floor) {}
}
