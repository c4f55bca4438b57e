package dev.remix.service.dataset;

import dev.remix.service.Problem;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/** Turns a line into JSON, or says why it is none. */
final class ExampleParser {
    private final JsonMapper json;
    private final int maxNestingDepth;

    ExampleParser(int maxNestingDepth) {
        this.maxNestingDepth = maxNestingDepth;
        StreamReadConstraints constraints =
                StreamReadConstraints.builder().maxNestingDepth(maxNestingDepth).build();
        this.json = JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    sealed interface Line {
        record Json(JsonNode value) implements Line {}

        record Refused(Problem problem) implements Line {}
    }

    /** Decoded strictly first: Jackson would take UTF-16 too, and replace what is no character. */
    Line parse(long number, byte[] bytes, int length) {
        ByteBuffer input = ByteBuffer.wrap(bytes, 0, length);
        CharBuffer text = CharBuffer.allocate(length);
        if (StandardCharsets.UTF_8.newDecoder().decode(input, text, true).isError()) {
            return refused(number, "", "invalid_utf8", "Byte " + (input.position() + 1) + " of the line is not UTF-8.");
        }
        return parse(number, text.flip().toString());
    }

    private Line parse(long number, String text) {
        if (text.isBlank()) {
            return refused(number, "", "blank_line", "The line is blank; every line holds one example.");
        }
        if (text.startsWith("\uFEFF")) {
            return refused(number, "", "byte_order_mark", "The line starts with a byte order mark.");
        }
        try (JsonParser parser = json.createParser(text)) {
            return parse(number, parser);
        }
    }

    private Line parse(long number, JsonParser parser) {
        try {
            JsonNode value = json.readTree(parser);
            if (parser.nextToken() != null) {
                return refused(number, "", "trailing_text", "More follows after the end of the JSON object.");
            }
            return new Line.Json(value);
        } catch (StreamConstraintsException e) {
            return refused(
                    number,
                    pointer(parser),
                    "limit_exceeded",
                    "The JSON is nested deeper than " + maxNestingDepth
                            + " levels, or has a number or a name of excessive length.");
        } catch (MismatchedInputException e) {
            // With a tree as target nothing else can mismatch.
            return refused(number, pointer(parser), "duplicate_key", "The key occurs twice in its object.");
        } catch (JacksonException e) {
            return refused(
                    number,
                    pointer(parser),
                    "invalid_json",
                    "Column " + e.getLocation().getColumnNr() + ": " + withoutSource(e.getOriginalMessage()));
        }
    }

    /** The parser says of an unclosed bracket where it was opened, in terms of its own settings. */
    private static String withoutSource(String message) {
        return message.replaceFirst(" \\(start marker at .*", ".");
    }

    private static String pointer(JsonParser parser) {
        return parser.streamReadContext().pathAsPointer().toString();
    }

    private static Line refused(long number, String pointer, String code, String detail) {
        return new Line.Refused(new Problem(number, pointer, code, detail));
    }
}
