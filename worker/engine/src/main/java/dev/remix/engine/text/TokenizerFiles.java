package dev.remix.engine.text;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a Hugging Face model directory says of text.
 *
 * @param tokenizer tokenizer.json
 * @param config tokenizer_config.json
 * @param templateSource Jinja source of the chat template; empty where there is none
 */
record TokenizerFiles(String model, JsonNode tokenizer, JsonNode config, String templateSource) {

    static TokenizerFiles read(Path modelDirectory) {
        JsonNode config = json(modelDirectory.resolve("tokenizer_config.json"));
        return new TokenizerFiles(
                String.valueOf(modelDirectory.getFileName()),
                json(modelDirectory.resolve("tokenizer.json")),
                config,
                templateSource(modelDirectory.resolve("chat_template.jinja"), config.path("chat_template")));
    }

    private static JsonNode json(Path file) {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (IOException | JacksonException e) {
            throw new EngineException(Kind.MODEL_NOT_FOUND, "cannot read " + file.getFileName() + " of the model", e);
        }
    }

    /** A file of its own counts before the configuration's member, which is a text or a list of named ones. */
    private static String templateSource(Path file, JsonNode member) {
        if (Files.isRegularFile(file)) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new EngineException(
                        Kind.MODEL_NOT_FOUND, "cannot read " + file.getFileName() + " of the model", e);
            }
        }
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
