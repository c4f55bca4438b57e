package dev.remix.web.worker;

import dev.remix.protocol.Wire;
import dev.remix.service.Refusal;
import java.io.InputStream;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;

/** Newline-delimited JSON, one value a line. */
final class Ndjson {
    private Ndjson() {}

    static <T> List<T> read(InputStream ndjson, Class<T> type) {
        try (MappingIterator<T> lines = Wire.json().readerFor(type).readValues(ndjson)) {
            return lines.readAll();
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw Refusal.of(Refusal.Kind.INVALID, "invalid_line", "Line %d is not what it should be.".formatted(line));
        }
    }
}
