package dev.remix.service.dataset;

import java.util.Arrays;

/** Cuts bytes that arrive in any portions into lines, holding no more than one line of bounded length. */
final class LineSplitter {
    private static final int INITIAL_LENGTH = 8192;

    /** Receives the lines in order; {@code number} counts from 1. */
    interface Lines {
        /** A line without its end; the array is reused afterwards. */
        void line(long number, byte[] bytes, int length);

        /** A line that was longer than the limit and is not held. */
        void tooLong(long number, long length);
    }

    private final int limit;
    private final Lines lines;
    private byte[] line = new byte[INITIAL_LENGTH];
    private long length;
    private long number = 1;

    LineSplitter(int limit, Lines lines) {
        this.limit = limit;
        this.lines = lines;
    }

    void accept(byte[] bytes, int offset, int count) {
        int from = offset;
        for (int i = offset; i < offset + count; i++) {
            if (bytes[i] == '\n') {
                append(bytes, from, i - from);
                emit();
                from = i + 1;
            }
        }
        append(bytes, from, offset + count - from);
    }

    /** The last line, where the file does not end with a line's end. */
    void finish() {
        if (length > 0) {
            emit();
        }
    }

    private void append(byte[] bytes, int from, int count) {
        int fits = (int) Math.max(0, Math.min(count, limit - length));
        if (fits > 0) {
            int needed = (int) length + fits;
            if (needed > line.length) {
                line = Arrays.copyOf(line, Math.min(limit, Math.max(needed, 2 * line.length)));
            }
            System.arraycopy(bytes, from, line, (int) length, fits);
        }
        length += count;
    }

    private void emit() {
        if (length > limit) {
            lines.tooLong(number, length);
        } else {
            lines.line(number, line, (int) length);
        }
        number++;
        length = 0;
    }
}
