package dev.remix.engine.text;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file, one in memory at a time and none of excessive length. Each is decoded for itself, so that what
 * is no UTF-8 is reported with its own line.
 */
final class Utf8Lines {
    /** Far above what any context window holds. */
    private static final int MAX_BYTES = 1 << 26;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private int number;

    Utf8Lines(InputStream in) {
        this.in = in;
    }

    /** Of the line that {@link #next} gave, from 1. */
    int number() {
        return number;
    }

    /** Without its end; null after the last. */
    @Nullable
    String next() throws IOException {
        if (!fill()) {
            return null;
        }
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean ended = false;
        while (!ended && fill()) {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            append(line, end);
            ended = end < limit;
            position = ended ? end + 1 : end;
        }
        return decoded(line.toByteArray());
    }

    private boolean fill() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
        }
        return position < limit;
    }

    private void append(ByteArrayOutputStream line, int end) {
        if (line.size() + end - position > MAX_BYTES) {
            throw new EngineException(
                    Kind.INVALID_DATA,
                    "line %d: over %,d bytes, more than a line may have".formatted(number, MAX_BYTES));
        }
        line.write(buffer, position, end - position);
    }

    private String decoded(byte[] line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new EngineException(Kind.INVALID_DATA, "line " + number + ": not UTF-8", e);
        }
    }
}
