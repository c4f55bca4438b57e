package dev.remix.engine.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tokenizer and chat template of a Hugging Face model directory.
 *
 * <p>Control tokens come from the template only; in what a user wrote {@code <|im_end|>} stays ten characters. Texts that touch
 * are read in one go, as Hugging Face reads a rendered chat, unless that would join the prompt's end with the answer: there a
 * generated answer begins, and training has to meet the same tokens.
 */
public final class ChatTokenizer implements AutoCloseable {
    private static final Map<String, String> PLAIN =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final PlainTexts texts;
    private final HuggingFaceTokenizer decoder;
    private final Map<String, Integer> controls;
    private final ChatTemplate template;
    private final int endOfTurn;

    private ChatTokenizer(TokenizerFiles files, ChatTemplate template, TokenIds ids) {
        this.controls = ids.controls();
        this.texts = new PlainTexts(files.tokenizer(), controls.values());
        this.decoder = load(files.tokenizer());
        this.template = template;
        this.endOfTurn = required(template.endOfTurn(), files.model(), controls);
    }

    /** Reads tokenizer.json, tokenizer_config.json and chat_template.jinja; an unknown chat template is INVALID_SPEC. */
    public static ChatTokenizer open(Path modelDirectory) {
        return open(modelDirectory, Integer.MAX_VALUE);
    }

    /** The same for a model whose embedding has {@code vocabulary} rows: a tokenizer with ids beyond is INVALID_SPEC. */
    public static ChatTokenizer open(Path modelDirectory, int vocabulary) {
        TokenizerFiles files = TokenizerFiles.read(modelDirectory);
        ChatTemplate template = files.template().with(files.boundaryTokens());
        TokenIds ids = TokenIds.of(files.tokenizer());
        ids.requireBelow(vocabulary, files.model());
        // What control tokens a prompt or an answer needs is asked now, not in the middle of a file.
        template.render(List.of(Message.user("?"), Message.assistant("!")), true).stream()
                .filter(piece -> piece.kind() == Piece.Kind.CONTROL)
                .forEach(piece -> required(piece.text(), files.model(), ids.controls()));
        return new ChatTokenizer(files, template, ids);
    }

    private static int required(String token, String model, Map<String, Integer> controls) {
        Integer id = controls.get(token);
        if (id == null) {
            throw new EngineException(
                    Kind.INVALID_SPEC,
                    "the tokenizer of model %s has no token %s, which its chat template uses".formatted(model, token));
        }
        return id;
    }

    static HuggingFaceTokenizer load(JsonNode tokenizer) {
        try {
            byte[] json = JsonMapper.shared().writeValueAsBytes(tokenizer);
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), PLAIN);
        } catch (IOException | RuntimeException e) {
            // The library below has no exception of its own for what it can't read.
            throw new EngineException(
                    Kind.STORAGE, "tokenizer.json is damaged or of a kind that can't be read; get the file again.", e);
        }
    }

    /** Tokens of a conversation up to its last learnt answer, with their weights. */
    public Example example(Chat chat) {
        return tokenize(template.render(chat.upToAnswer(), false)).toExample();
    }

    /** Tokens of a conversation up to where the assistant's next answer begins. */
    public int[] prompt(List<Message> messages) {
        return tokenize(template.render(messages, true)).tokens();
    }

    /** The answer in generated tokens: their text without control tokens and without what the model thought before. */
    public String decode(int[] tokens) {
        return template.answer(text(tokens));
    }

    /** All that tokens say, without control tokens; bytes that are no character show as U+FFFD. */
    public String text(int[] tokens) {
        return decoder.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
    }

    /** The token that ends an answer. */
    public int endOfTurn() {
        return endOfTurn;
    }

    private TokenSequence tokenize(List<Piece> pieces) {
        TokenSequence sequence = new TokenSequence();
        StringBuilder text = new StringBuilder();
        StringBuilder learnt = new StringBuilder();
        float weight = 0;
        for (Piece piece : pieces) {
            Integer control = piece.kind() == Piece.Kind.TEXT ? null : controls.get(piece.text());
            if (control != null) {
                append(sequence, text, learnt, weight);
                sequence.append(new long[] {control}, piece.weight());
            } else if (piece.learnt()) {
                learnt.append(piece.text());
                weight = piece.weight(); // an answer ends with a control token, so a stretch has one
            } else {
                text.append(piece.text());
            }
        }
        append(sequence, text, learnt, weight);
        return sequence;
    }

    /** A stretch between two control tokens: what is not learnt, then what is. */
    private void append(TokenSequence sequence, StringBuilder text, StringBuilder learnt, float weight) {
        long[] before = texts.encode(text.toString());
        sequence.append(before, 0);
        if (!learnt.isEmpty()) {
            long[] whole = texts.encode(text.toString() + learnt);
            boolean apart = Arrays.mismatch(before, whole) == before.length;
            sequence.append(
                    apart ? Arrays.copyOfRange(whole, before.length, whole.length) : texts.encode(learnt.toString()),
                    weight);
        }
        text.setLength(0);
        learnt.setLength(0);
    }

    @Override
    public void close() {
        texts.close();
        decoder.close();
    }
}
