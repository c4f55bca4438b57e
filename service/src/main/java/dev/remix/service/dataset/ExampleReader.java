package dev.remix.service.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remix.service.model.Turn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads the examples of a data set that was validated when it was stored, one at a time. */
final class ExampleReader implements AutoCloseable {
    private final BufferedReader lines;
    private final ExampleParser parser;
    private long number;

    ExampleReader(InputStream content, DataSetSettings settings) {
        this.lines = new BufferedReader(new InputStreamReader(content, UTF_8));
        this.parser = new ExampleParser(settings.maxNestingDepth());
    }

    record Example(long line, JsonNode json, List<Turn> turns) {}

    Stream<Example> stream() {
        return lines.lines().map(this::example);
    }

    private Example example(String line) {
        byte[] bytes = line.getBytes(UTF_8);
        return switch (parser.parse(++number, bytes, bytes.length)) {
            case ExampleParser.Line.Json(var json) ->
                new Example(number, json, ChatRules.check(number, json, problem -> {
                    throw new IllegalStateException("a stored data set is not valid: " + problem);
                }));
            case ExampleParser.Line.Refused(var problem) ->
                throw new IllegalStateException("a stored data set is not valid: " + problem);
        };
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
