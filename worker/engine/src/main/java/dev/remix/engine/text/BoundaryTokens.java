package dev.remix.engine.text;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The tokens that a model's texts begin and end with, as tokenizer_config.json names them. */
record BoundaryTokens(String model, Optional<String> bos, Optional<String> eos) {

    static BoundaryTokens of(String model, JsonNode config) {
        return new BoundaryTokens(model, token(config.path("bos_token")), token(config.path("eos_token")));
    }

    /** Older files have the text, others an object with its content. */
    private static Optional<String> token(JsonNode node) {
        JsonNode text = node.isObject() ? node.path("content") : node;
        return text.isString() && !text.stringValue().isEmpty() ? Optional.of(text.stringValue()) : Optional.empty();
    }

    String beginning() {
        return bos.orElseThrow(() -> missing("bos_token"));
    }

    String end() {
        return eos.orElseThrow(() -> missing("eos_token"));
    }

    private EngineException missing(String member) {
        return new EngineException(
                Kind.INVALID_SPEC,
                "tokenizer_config.json of model %s has no %s, which its chat template uses".formatted(model, member));
    }
}
