package dev.remix.datasets;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The two sets of skills: what the base model is made of, and what it is finetuned on. */
public final class Skills {
    private static final List<Skill> BASE = Stream.of(
                    NumberSkills.all(), TextSkills.all(), ListSkills.all(), MeasureSkills.all(), ReasoningSkills.all())
            .flatMap(List::stream)
            .toList();

    private Skills() {}

    /** The skills of the pretraining corpus. */
    public static List<Skill> base() {
        return BASE;
    }

    /** The skills that the base model never meets. */
    public static List<Skill> heldOut() {
        return HeldOutSkills.all();
    }

    /** Exercises without end: each round has every skill as often as its share says, in random order. */
    public static Stream<Exercise> corpus(List<Skill> skills, long seed) {
        Random random = new Random(seed);
        return Stream.generate(() -> {
                    List<Skill> round = new ArrayList<>();
                    skills.forEach(skill -> round.addAll(Collections.nCopies(skill.share(), skill)));
                    Collections.shuffle(round, random);
                    return round;
                })
                .flatMap(List::stream)
                .map(skill -> skill.exercise(random));
    }
}
