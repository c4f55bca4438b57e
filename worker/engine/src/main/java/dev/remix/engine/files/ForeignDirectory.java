package dev.remix.engine.files;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A directory that somebody else filled: a model's or an adapter's. Only plain files that really lie in it are read, and of
 * JSON only what is small enough and says nothing twice.
 */
public final class ForeignDirectory {
    /** Tokenizers with a quarter of a million tokens come to about 35 MB. */
    private static final long MAX_JSON = 100_000_000;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final Path path;

    public ForeignDirectory(Path path) {
        this.path = path;
        if (!Files.isDirectory(path)) {
            throw new EngineException(Kind.MODEL_NOT_FOUND, "There is no directory " + name() + ".");
        }
    }

    /** Its own name, for messages: where it lies on this machine is nobody's business. */
    public String name() {
        return String.valueOf(path.getFileName());
    }

    /** Whether something of this name is there, be it readable or not. */
    public boolean has(String file) {
        return Files.exists(path.resolve(file));
    }

    /** Names of what is there, sorted. */
    public List<String> names() {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable("The directory " + name(), e);
        }
    }

    public Optional<Path> find(String file) {
        return has(file) ? Optional.of(require(file)) : Optional.empty();
    }

    /** A plain file that lies in here: a link that leads out could be any file of this machine. */
    public Path require(String file) {
        Path found = path.resolve(file);
        if (!has(file)) {
            throw new EngineException(Kind.MODEL_NOT_FOUND, name() + " has no " + file + ".");
        }
        if (!Files.isRegularFile(found)) {
            throw new EngineException(
                    Kind.STORAGE, file + " in " + name() + " is not a file; put the file itself there.");
        }
        if (leadsOut(found)) {
            throw new EngineException(
                    Kind.STORAGE,
                    file + " in " + name() + " is a link that leads out of the directory; put the file itself there.");
        }
        return found;
    }

    private boolean leadsOut(Path file) {
        try {
            return !file.toRealPath().startsWith(path.toRealPath());
        } catch (IOException e) {
            throw unreadable(String.valueOf(file.getFileName()), e);
        }
    }

    /** The file's JSON object. */
    public JsonNode json(String file) {
        Path found = require(file);
        try {
            requireSmall(file, Files.size(found));
            return parse(file, Files.readAllBytes(found));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The JSON object that a file of this name holds. */
    public static JsonNode parse(String file, byte[] content) {
        try {
            JsonNode root = JSON.readTree(content);
            if (!root.isObject()) {
                throw new EngineException(Kind.STORAGE, file + " is damaged: it holds no JSON object.");
            }
            return root;
        } catch (JacksonException e) {
            throw new EngineException(Kind.STORAGE, file + " is damaged: " + problem(e) + ".", e);
        }
    }

    private static void requireSmall(String file, long bytes) {
        if (bytes > MAX_JSON) {
            throw new EngineException(
                    Kind.STORAGE, "%s has %,d bytes; no such file needs over %,d.".formatted(file, bytes, MAX_JSON));
        }
    }

    private static String problem(JacksonException e) {
        return switch (e) {
            case StreamConstraintsException _ ->
                "its JSON is nested too deeply, or has a text or a number of excessive length" + at(e);
            case MismatchedInputException _ ->
                "its JSON has a member twice in one object, or more follows after it" + at(e);
            default -> "it is not JSON" + at(e);
        };
    }

    private static String at(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static EngineException unreadable(String file, IOException e) {
        return new EngineException(Kind.STORAGE, file + " can't be read: " + e.getMessage(), e);
    }
}
