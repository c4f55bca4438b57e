package dev.remix.engine.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tokenizer that makes of no text a control token.
 *
 * <p>Made from a model's tokenizer.json: control tokens go by names that no text contains, so that the ids of all others stay;
 * and a text is read as what it is in a rendered chat, a stretch behind a control token, where SentencePiece's first blank is
 * not put in front.
 */
final class PlainTexts implements AutoCloseable {
    /** Unicode promises never to make this a character. */
    private static final String NO_CHARACTER = Character.toString(0x10FFFF);

    private final HuggingFaceTokenizer tokenizer;
    private final Set<Integer> controls;

    PlainTexts(JsonNode tokenizer, Collection<Integer> controls) {
        this.tokenizer = ChatTokenizer.load(withoutControlTokens(tokenizer));
        this.controls = new HashSet<>(controls);
        unknown(tokenizer).forEach(this.controls::remove);
    }

    private static JsonNode withoutControlTokens(JsonNode tokenizer) {
        ObjectNode copy = (ObjectNode) tokenizer.deepCopy();
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        ArrayNode kept = copy.putArray("added_tokens");
        for (JsonNode token : tokenizer.path("added_tokens")) {
            if (!token.path("special").asBoolean(false)) {
                kept.add(token);
            } else if (!vocabulary.has(token.path("content").asString())) {
                // Left out, it would hand its id to the next one.
                kept.add(((ObjectNode) token.deepCopy())
                        .put("content", NO_CHARACTER + token.path("id").asInt() + NO_CHARACTER));
            }
        }
        startInTheMiddle(copy.path("pre_tokenizer"));
        return copy;
    }

    private static void startInTheMiddle(JsonNode preTokenizer) {
        if (preTokenizer.path("prepend_scheme").asString("").equals("first")) {
            ((ObjectNode) preTokenizer).put("prepend_scheme", "never");
        }
        preTokenizer.path("pretokenizers").forEach(PlainTexts::startInTheMiddle);
    }

    /** The token of what the vocabulary lacks is a control token that text may well become. */
    private static List<Integer> unknown(JsonNode tokenizer) {
        JsonNode model = tokenizer.path("model");
        String name = model.path("unk_token").asString("");
        JsonNode id = model.path("vocab").path(name);
        return id.isInt() ? List.of(id.intValue()) : List.of();
    }

    /** Ids of a text; one that would hold a control token is INVALID_DATA. */
    long[] encode(String text) {
        if (text.isEmpty()) {
            return new long[0];
        }
        long[] ids = tokenizer.encode(text, false, false).getIds();
        if (Arrays.stream(ids).anyMatch(id -> controls.contains((int) id))) {
            throw new EngineException(
                    Kind.INVALID_DATA, "the tokenizer reads a control token from the text of a message; take it out");
        }
        return ids;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
