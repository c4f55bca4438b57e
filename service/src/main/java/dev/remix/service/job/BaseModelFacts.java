package dev.remix.service.job;

import dev.remix.protocol.ModelRevision;
import dev.remix.service.model.BaseModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** What a job pins of its base model. The revision is read from all of the weights, so it is kept until a file changes. */
@Component
class BaseModelFacts {
    private record Known(Map<String, List<Long>> files, String revision) {}

    private final Map<String, Known> known = new ConcurrentHashMap<>();

    String revision(BaseModel model) {
        try {
            Map<String, List<Long>> files = files(model.directory());
            Known last = known.get(model.id());
            if (last == null || !last.files().equals(files)) {
                last = new Known(files, ModelRevision.of(model.directory()));
                known.put(model.id(), last);
            }
            return last.revision();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Number of weights, taken from the size of their files: nearly every model is stored in 16 bits a weight. */
    long parameters(BaseModel model) {
        try {
            return files(model.directory()).entrySet().stream()
                            .filter(file -> file.getKey().endsWith(".safetensors"))
                            .mapToLong(file -> file.getValue().getFirst())
                            .sum()
                    / Short.BYTES;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Size and time of last change, by name. */
    private static Map<String, List<Long>> files(Path directory) throws IOException {
        Map<String, List<Long>> files = new TreeMap<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path file : entries.filter(Files::isRegularFile).toList()) {
                files.put(
                        file.getFileName().toString(),
                        List.of(
                                Files.size(file),
                                Files.getLastModifiedTime(file).toMillis()));
            }
        }
        return files;
    }
}
