package dev.remix.engine.text;

import dev.remix.engine.fuzz.Foreign;

/** Fuzz target: chat JSONL, and what every chat in it is asked for. */
public final class ChatFileTarget {
    private ChatFileTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Foreign.file("chat.jsonl", input, directory -> {
            for (Chat chat : ChatFile.chats(directory.resolve("chat.jsonl"))) {
                chat.question();
                chat.answer();
            }
        });
    }
}
