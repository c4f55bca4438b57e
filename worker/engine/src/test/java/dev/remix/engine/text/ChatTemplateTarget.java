package dev.remix.engine.text;

import dev.remix.engine.fuzz.Foreign;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Fuzz target: tokenizer_config.json with a chat template in it, up to where a conversation is rendered. */
public final class ChatTemplateTarget {
    private ChatTemplateTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Foreign.file("tokenizer_config.json", input, ChatTemplateTarget::render);
    }

    private static void render(Path directory) {
        Path tokenizer = directory.resolve("tokenizer.json");
        try {
            Files.writeString(tokenizer, "{}");
            try {
                TokenizerFiles files = TokenizerFiles.read(directory);
                files.template()
                        .with(files.boundaryTokens())
                        .render(List.of(Message.user("?"), Message.assistant("!")), true);
            } finally {
                Files.delete(tokenizer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
