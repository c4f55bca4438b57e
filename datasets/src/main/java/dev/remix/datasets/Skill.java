package dev.remix.datasets;

import java.util.Random;

/**
 * Something to be learnt, as a source of exercises without end.
 *
 * @param name unique among all skills
 * @param rule what the answer is, for people
 * @param share how often it comes in a corpus, as a multiple of the easiest skills' share
 */
public record Skill(String name, String rule, int share, Maker maker) {
    Skill(String name, String rule, Maker maker) {
        this(name, rule, 1, maker);
    }

    /** The same, harder to learn and so more often in a corpus. */
    Skill often(int times) {
        return new Skill(name, rule, times, maker);
    }

    /** Makes a question and its answer out of the numbers and words that it draws. */
    @FunctionalInterface
    interface Maker {
        Asked make(Draw draw);
    }

    /** A question and its answer, before the skill's name is on them. */
    record Asked(String prompt, String answer) {}

    /** The next exercise of this generator's sequence. */
    public Exercise exercise(Random random) {
        Asked asked = maker.make(new Draw(random));
        return new Exercise(name, asked.prompt(), asked.answer());
    }
}
