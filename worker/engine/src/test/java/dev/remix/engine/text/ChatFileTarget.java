package dev.remix.engine.text;

import dev.remix.engine.fuzz.Foreign;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Fuzz target: chat JSONL, and what every chat in it is asked for. */
public final class ChatFileTarget {
    private ChatFileTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Foreign.read(() -> {
            try {
                ChatFile.forEach("chat.jsonl", new ByteArrayInputStream(input), (line, chat) -> {
                    chat.question();
                    chat.answer();
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
