package dev.remix.engine.text;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.files.ForeignDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * What a Hugging Face model directory says of text.
 *
 * @param tokenizer tokenizer.json
 * @param config tokenizer_config.json
 * @param templateSource Jinja source of the chat template, of which a file of its own counts before the configuration's
 *     member; empty where there is none
 */
record TokenizerFiles(String model, JsonNode tokenizer, JsonNode config, String templateSource) {

    static TokenizerFiles read(Path modelDirectory) {
        ForeignDirectory directory = new ForeignDirectory(modelDirectory);
        JsonNode config = directory.json("tokenizer_config.json");
        return new TokenizerFiles(
                directory.name(),
                directory.json("tokenizer.json"),
                config,
                directory
                        .find("chat_template.jinja")
                        .map(TokenizerFiles::text)
                        .orElseGet(() -> templateOf(config.path("chat_template"))));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new EngineException(
                    Kind.STORAGE, file.getFileName() + " of the model can't be read: " + e.getMessage(), e);
        }
    }

    /** A text, or a list of named ones. */
    static String templateOf(JsonNode member) {
        return member.isArray()
                ? member.valueStream()
                        .filter(named -> named.path("name").asString("").equals("default"))
                        .map(named -> named.path("template").asString(""))
                        .findFirst()
                        .orElse("")
                : member.asString("");
    }

    KnownTemplate template() {
        return KnownTemplate.of(model, templateSource);
    }

    BoundaryTokens boundaryTokens() {
        return BoundaryTokens.of(model, config);
    }
}
