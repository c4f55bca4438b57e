package dev.remix.engine.text;

import dev.remix.engine.files.ForeignDirectory;
import dev.remix.engine.fuzz.Foreign;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Fuzz target: the ids of a tokenizer.json, and tokenizer_config.json with a chat template in it, up to where a conversation is rendered. */
public final class ChatTemplateTarget {
    private ChatTemplateTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Foreign.read(() -> TokenIds.of(ForeignDirectory.parse("tokenizer.json", input)));
        Foreign.read(() -> {
            JsonNode config = ForeignDirectory.parse("tokenizer_config.json", input);
            TokenizerFiles files =
                    new TokenizerFiles("m", config, config, TokenizerFiles.templateOf(config.path("chat_template")));
            files.template()
                    .with(files.boundaryTokens())
                    .render(List.of(Message.user("?"), Message.assistant("!")), true);
        });
    }
}
