package dev.remix.engine.text;

/** Stripping as Python does it, which the templates were written for; Java's knows fewer blanks. */
final class Blanks {
    private Blanks() {}

    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static String stripLeadingLineFeeds(String text) {
        int from = 0;
        while (from < text.length() && text.charAt(from) == '\n') {
            from++;
        }
        return text.substring(from);
    }

    static String stripTrailingLineFeeds(String text) {
        int to = text.length();
        while (to > 0 && text.charAt(to - 1) == '\n') {
            to--;
        }
        return text.substring(0, to);
    }

    /** Python's {@code str.isspace}: Unicode's blanks, the no-break ones and NEL among them. */
    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
