package dev.remix.datasets;

import dev.remix.datasets.Skill.Asked;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** What an exercise is made of: numbers, words, and one of a skill's phrasings. */
final class Draw {
    private static final String CONSONANTS = "bcdfghklmnprstvw";
    private static final String VOWELS = "aeiou";

    private final Random random;

    Draw(Random random) {
        this.random = random;
    }

    /** A number from {@code least} to {@code most}, both included. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    boolean chance() {
        return random.nextBoolean();
    }

    <T> T pick(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    /** A word of three to six letters: from the dictionary or, as often, one that nobody has seen before. */
    String word() {
        return chance() ? pick(Vocabulary.WORDS) : madeUp(between(3, 6));
    }

    private String madeUp(int length) {
        StringBuilder word = new StringBuilder();
        boolean vowel = chance();
        for (int i = 0; i < length; i++) {
            String letters = vowel ? VOWELS : CONSONANTS;
            word.append(letters.charAt(random.nextInt(letters.length())));
            vowel = !vowel;
        }
        return word.toString();
    }

    /** {@code count} different values of a source. */
    <T> List<T> distinct(int count, Supplier<T> source) {
        Set<T> values = new LinkedHashSet<>();
        while (values.size() < count) {
            values.add(source.get());
        }
        return new ArrayList<>(values);
    }

    /** {@code count} different numbers from {@code least} to {@code most}. */
    List<Integer> numbers(int count, int least, int most) {
        return distinct(count, () -> between(least, most));
    }

    /** The question in one of its phrasings, each a format of the same arguments. */
    Asked ask(Object answer, List<String> phrasings, Object... arguments) {
        return new Asked(pick(phrasings).formatted(arguments), String.valueOf(answer));
    }
}
