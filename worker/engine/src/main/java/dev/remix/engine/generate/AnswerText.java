package dev.remix.engine.generate;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The text of an answer that grows token by token.
 *
 * <p>A token's text depends on those before it (a character may take several tokens, a word's blank may be a matter of its place),
 * so each new one is read together with the last ones that gave whole characters, and what it adds is the difference. Text that
 * may be the beginning of a stop string waits for the tokens that decide on it.
 */
final class AnswerText {
    /** What a tokenizer puts in place of bytes that are no character. */
    private static final char BROKEN = '\uFFFD';

    private final Function<int[], String> detokenizer;
    private final List<String> stops;
    private final Consumer<String> pieces;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder waiting = new StringBuilder();

    private int[] tokens = new int[16];
    private int count;
    /** Tokens from {@code context} on are read anew; those up to {@code read} have been told. */
    private int context;

    private int read;

    /** @param pieces takes the text as it becomes certain */
    AnswerText(Function<int[], String> detokenizer, List<String> stops, Consumer<String> pieces) {
        this.detokenizer = detokenizer;
        this.stops = stops;
        this.pieces = pieces;
    }

    /** Whether the token completed a stop string, before which the text has ended. */
    boolean add(int token) {
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
        }
        tokens[count++] = token;
        String added = unread();
        if (added.isEmpty() || added.charAt(added.length() - 1) == BROKEN) {
            return false;
        }
        context = read;
        read = count;
        waiting.append(added);
        return release();
    }

    /** Tells what waits, at the end of the answer; {@code whole} with bytes that are no character, as the tokenizer shows them. */
    void end(boolean whole) {
        String added = unread();
        int length = added.length();
        while (!whole && length > 0 && added.charAt(length - 1) == BROKEN) {
            length--;
        }
        waiting.append(added, 0, length);
        int stop = firstStop();
        tell(stop >= 0 ? stop : waiting.length());
    }

    private String unread() {
        String before = detokenizer.apply(Arrays.copyOfRange(tokens, context, read));
        String with = detokenizer.apply(Arrays.copyOfRange(tokens, context, count));
        return with.length() > before.length() ? with.substring(before.length()) : "";
    }

    private boolean release() {
        int stop = firstStop();
        if (stop >= 0) {
            tell(stop);
            waiting.setLength(0);
            return true;
        }
        tell(waiting.length() - undecided());
        return false;
    }

    /** Where the first stop string begins in what waits, or -1. */
    private int firstStop() {
        return stops.stream()
                .mapToInt(waiting::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    /** Length of the longest end of what waits with which a stop string begins. */
    private int undecided() {
        int longest = Math.min(
                waiting.length(), stops.stream().mapToInt(String::length).max().orElse(0) - 1);
        for (int length = longest; length > 0; length--) {
            String end = waiting.substring(waiting.length() - length);
            if (stops.stream().anyMatch(stop -> stop.startsWith(end))) {
                return length;
            }
        }
        return 0;
    }

    private void tell(int length) {
        if (length > 0) {
            String piece = waiting.substring(0, length);
            waiting.delete(0, length);
            text.append(piece);
            pieces.accept(piece);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
