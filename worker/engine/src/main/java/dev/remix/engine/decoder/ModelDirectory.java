package dev.remix.engine.decoder;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a Hugging Face model that surround its weights. */
public final class ModelDirectory {
    /** Weights in any format, and their index. */
    private static final Pattern WEIGHTS =
            Pattern.compile(".*\\.(safetensors|bin|pt|pth|ckpt|pkl|h5|msgpack|gguf|npz)(\\.index\\.json)?");

    private ModelDirectory() {}

    /** Configuration, tokenizer, card, …: every plain file that is neither weights nor their index. */
    public static void copySurroundings(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            List<Path> surroundings = files.filter(Files::isRegularFile)
                    .filter(file ->
                            !WEIGHTS.matcher(file.getFileName().toString()).matches())
                    .toList();
            for (Path file : surroundings) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, "The model's files can't be copied: " + e.getMessage(), e);
        }
    }
}
