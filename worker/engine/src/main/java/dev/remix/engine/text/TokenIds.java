package dev.remix.engine.text;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The ids that a tokenizer.json gives out.
 *
 * @param controls ids of the special tokens by their texts
 * @param largest of all ids; -1 where there are none
 */
record TokenIds(Map<String, Integer> controls, int largest) {
    private static final String ADDED = "added_tokens";

    TokenIds {
        controls = Map.copyOf(controls);
    }

    /** A file whose tokens are not what tokens are is STORAGE. */
    static TokenIds of(JsonNode tokenizer) {
        int largest = largestOf(tokenizer.path("model").path("vocab"));
        JsonNode added = tokenizer.path(ADDED);
        require(added.isArray() || added.isMissingNode() || added.isNull(), ADDED + " is not a list");
        Map<String, Integer> controls = new HashMap<>();
        for (JsonNode token : added) {
            require(
                    token.isObject() && token.path("content").isString(),
                    ADDED + " has a member that is no token with its content");
            int id = id(token.path("id"), token.path("content").stringValue());
            largest = Math.max(largest, id);
            if (token.path("special").asBoolean(false)) {
                controls.put(token.path("content").stringValue(), id);
            }
        }
        return new TokenIds(controls, largest);
    }

    /** An object of ids by text, or a list whose places are the ids. */
    private static int largestOf(JsonNode vocabulary) {
        require(vocabulary.isObject() || vocabulary.isArray(), "its model has no vocab");
        int largest = vocabulary.isArray() ? vocabulary.size() - 1 : -1;
        if (vocabulary.isObject()) {
            for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
                largest = Math.max(largest, id(token.getValue(), token.getKey()));
            }
        }
        return largest;
    }

    private static int id(JsonNode id, String token) {
        require(id.isInt() && id.intValue() >= 0, "token " + shown(token) + " has no id");
        return id.intValue();
    }

    private static String shown(String token) {
        String start = token.length() <= 40 ? token : token.substring(0, 40) + "…";
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new EngineException(
                    Kind.STORAGE, "tokenizer.json is damaged: " + otherwise + "; get the file again.");
        }
    }

    /** A model looks tokens up in its embedding, which ends at {@code vocabulary}. */
    void requireBelow(int vocabulary, String model) {
        if (largest >= vocabulary) {
            throw new EngineException(
                    Kind.INVALID_SPEC,
                    "The tokenizer of model %s has ids up to %d, but its config.json has a vocab_size of %d; the two files are not of one model."
                            .formatted(model, largest, vocabulary));
        }
    }
}
