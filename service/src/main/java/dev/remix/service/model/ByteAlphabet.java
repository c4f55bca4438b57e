package dev.remix.service.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * GPT-2's way to write bytes as printable characters, in which byte-level vocabularies are spelled: printable Latin-1 stands
 * for itself, the 68 other bytes, in order, for U+0100 and on.
 */
final class ByteAlphabet {
    private static final int SHIFTED_FROM = 0x100;
    private static final String SHIFTED = shifted();

    private ByteAlphabet() {}

    /** A vocabulary entry as a string of one character a byte. What is not in the alphabet is an added token's own text. */
    static String bytes(String entry) {
        int end = SHIFTED_FROM + SHIFTED.length();
        if (entry.chars().anyMatch(letter -> letter >= end)) {
            return new String(entry.getBytes(UTF_8), ISO_8859_1);
        }
        return entry.chars()
                .map(letter -> letter < SHIFTED_FROM ? letter : SHIFTED.charAt(letter - SHIFTED_FROM))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String shifted() {
        StringBuilder shifted = new StringBuilder();
        for (char value = 0; value < 256; value++) {
            if (!isPrintable(value)) {
                shifted.append(value);
            }
        }
        return shifted.toString();
    }

    private static boolean isPrintable(char value) {
        return (value >= '!' && value <= '~') || (value >= '¡' && value <= '¬') || (value >= '®' && value <= 'ÿ');
    }
}
