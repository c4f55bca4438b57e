package dev.remix.service;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with what somebody sent.
 *
 * @param line of a file, from 1; null where there are no lines
 * @param pointer JSON pointer into the request or the line, empty for the whole of it
 * @param code stable and for programs
 * @param detail one sentence for people
 */
public record Problem(@Nullable Long line, String pointer, String code, String detail) {

    public static Problem at(String pointer, String code, String detail) {
        return new Problem(null, pointer, code, detail);
    }
}
