package dev.remix.engine.text;

import java.nio.file.Path;

/** The tokenizer of the tiny base model, as it lies in the repository. */
final class TinyTokenizer {
    static final Path DIRECTORY = Path.of("../../models/remix-tiny");

    private TinyTokenizer() {}

    static ChatTokenizer open() {
        return ChatTokenizer.open(DIRECTORY);
    }
}
