package dev.remix.service.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

    BaseModels(ModelSettings settings) {
        this.directory = settings.modelsDirectory();
    }

    List<BaseModel> list() {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(BaseModels::read)
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

    private static Optional<BaseModel> read(Path directory) {
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
                    Files.getLastModifiedTime(config).toInstant()));
        } catch (JacksonException | IOException e) {
            log.warn("{} cannot be read; the model is left out", config, e);
            return Optional.empty();
        }
    }
}
