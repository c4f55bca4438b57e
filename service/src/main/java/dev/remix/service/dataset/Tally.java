package dev.remix.service.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remix.service.Problem;
import dev.remix.service.model.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a validation has counted so far: the first problems in full, all of them by code, and the sound examples. */
final class Tally {
    private static final int PROBLEMS_IN_FULL = 100;

    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Long> totals = new TreeMap<>();
    private final Map<String, Long> roles = new TreeMap<>();
    private long lines;
    private long examples;
    private long characters;
    private long maxCharacters;
    private long maxUtf8Bytes;

    void line(long number) {
        lines = number;
    }

    void problem(Problem problem) {
        totals.merge(problem.code(), 1L, Long::sum);
        if (problems.size() < PROBLEMS_IN_FULL) {
            problems.add(problem);
        }
    }

    void example(List<Turn> turns) {
        examples++;
        long exampleCharacters = 0;
        long exampleBytes = 0;
        for (Turn turn : turns) {
            roles.merge(turn.role(), 1L, Long::sum);
            String content = turn.content().strip();
            exampleCharacters += content.codePointCount(0, content.length());
            exampleBytes += content.getBytes(UTF_8).length;
        }
        characters += exampleCharacters;
        maxCharacters = Math.max(maxCharacters, exampleCharacters);
        maxUtf8Bytes = Math.max(maxUtf8Bytes, exampleBytes);
    }

    boolean isSound() {
        return totals.isEmpty();
    }

    long lines() {
        return lines;
    }

    /** Whether every line so far was blank. */
    boolean onlyBlankLines() {
        return lines > 0 && totals.getOrDefault("blank_line", 0L) == lines;
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    Map<String, Long> totals() {
        return Map.copyOf(totals);
    }

    Statistics statistics() {
        return new Statistics(
                lines,
                examples,
                roles.getOrDefault("system", 0L),
                roles.getOrDefault("user", 0L),
                roles.getOrDefault("assistant", 0L),
                characters,
                maxCharacters,
                maxUtf8Bytes);
    }
}
