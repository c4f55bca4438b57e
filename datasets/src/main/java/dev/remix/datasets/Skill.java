package dev.remix.datasets;

import java.util.Random;

/**
 * Something to be learnt, as a source of exercises without end.
 *
 * @param name unique among all skills
 * @param rule what the answer is, for people
 */
public record Skill(String name, String rule, Maker maker) {

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
