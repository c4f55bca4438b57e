package dev.remix.service.dataset;

import jakarta.persistence.Embeddable;

/**
 * Counts over a data set, taken while it was validated.
 *
 * @param lines of the file, blank ones included
 * @param characters code points in the contents of all messages, each without white space at its ends
 * @param maxCharacters the same of the longest example
 * @param maxUtf8Bytes UTF-8 bytes in the contents of the longest example
 */
@Embeddable
public record Statistics(
        long lines,
        long examples,
        long systemMessages,
        long userMessages,
        long assistantMessages,
        long characters,
        long maxCharacters,
        long maxUtf8Bytes) {

    public long messages() {
        return systemMessages + userMessages + assistantMessages;
    }

    public double meanCharacters() {
        return (double) characters / examples;
    }
}
