package dev.remix.engine.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tokenizer and chat template of a Hugging Face model directory.
 *
 * <p>Control tokens come from the template only. Text is read by a tokenizer that does not know the special tokens, so that
 * {@code <|im_end|>} in what a user wrote stays ten characters. Texts that touch are read in one go, as Hugging Face reads a
 * rendered chat, except where an answer begins: there a generated answer begins too, and training has to meet the same tokens.
 */
public final class ChatTokenizer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, String> PLAIN =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final HuggingFaceTokenizer texts;
    private final HuggingFaceTokenizer decoder;
    private final Map<String, Integer> specials;
    private final ChatTemplate template;

    private ChatTokenizer(
            HuggingFaceTokenizer texts,
            HuggingFaceTokenizer decoder,
            Map<String, Integer> specials,
            ChatTemplate template) {
        this.texts = texts;
        this.decoder = decoder;
        this.specials = specials;
        this.template = template;
    }

    /** Reads tokenizer.json and tokenizer_config.json; an unknown chat template is INVALID_SPEC. */
    public static ChatTokenizer open(Path modelDirectory) {
        JsonNode tokenizer = read(modelDirectory.resolve("tokenizer.json"));
        JsonNode config = read(modelDirectory.resolve("tokenizer_config.json"));
        String model = String.valueOf(modelDirectory.getFileName());
        ChatTemplate template =
                ChatTemplate.of(model, config.path("chat_template").asString(""));
        Map<String, Integer> specials = specials(tokenizer);
        if (!specials.containsKey(template.endOfTurn())) {
            throw new EngineException(
                    Kind.INVALID_SPEC, "the tokenizer of model " + model + " has no token " + template.endOfTurn());
        }
        return new ChatTokenizer(load(withoutSpecials(tokenizer)), load(tokenizer), specials, template);
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException | JacksonException e) {
            throw new EngineException(Kind.MODEL_NOT_FOUND, "cannot read " + file.getFileName() + " of the model", e);
        }
    }

    private static HuggingFaceTokenizer load(JsonNode tokenizer) {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(JSON.writeValueAsBytes(tokenizer)), PLAIN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Integer> specials(JsonNode tokenizer) {
        Map<String, Integer> ids = new HashMap<>();
        for (JsonNode token : tokenizer.path("added_tokens")) {
            if (token.path("special").asBoolean(false)) {
                ids.put(token.path("content").asString(), token.path("id").asInt());
            }
        }
        return Map.copyOf(ids);
    }

    private static JsonNode withoutSpecials(JsonNode tokenizer) {
        ObjectNode copy = (ObjectNode) tokenizer.deepCopy();
        ArrayNode kept = copy.putArray("added_tokens");
        for (JsonNode token : tokenizer.path("added_tokens")) {
            if (!token.path("special").asBoolean(false)) {
                kept.add(token);
            }
        }
        return copy;
    }

    /** Tokens of a whole conversation with their weights. */
    public Example example(Chat chat) {
        TokenSequence sequence = tokenize(template.conversation(chat.messages()));
        return sequence.toExample();
    }

    /** Tokens of a conversation up to where the assistant's next answer begins. */
    public int[] prompt(List<Message> messages) {
        return tokenize(template.prompt(messages)).tokens();
    }

    /** The text of generated tokens, without control tokens. */
    public String decode(int[] tokens) {
        return decoder.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
    }

    /** The token that ends an answer. */
    public int endOfTurn() {
        return special(template.endOfTurn());
    }

    private int special(String token) {
        Integer id = specials.get(token);
        if (id == null) {
            throw new EngineException(Kind.INVALID_SPEC, "the tokenizer has no special token " + token);
        }
        return id;
    }

    private TokenSequence tokenize(List<Piece> pieces) {
        TokenSequence sequence = new TokenSequence();
        for (int i = 0; i < pieces.size(); ) {
            Piece piece = pieces.get(i++);
            if (piece.control()) {
                sequence.append(new long[] {special(piece.text())}, piece.learnt());
            } else {
                StringBuilder text = new StringBuilder(piece.text());
                while (i < pieces.size() && joins(piece, pieces.get(i))) {
                    text.append(pieces.get(i++).text());
                }
                sequence.append(texts.encode(text.toString(), false, false).getIds(), piece.learnt());
            }
        }
        return sequence;
    }

    private static boolean joins(Piece first, Piece next) {
        return !next.control() && first.learnt() == next.learnt();
    }

    @Override
    public void close() {
        texts.close();
        decoder.close();
    }
}
