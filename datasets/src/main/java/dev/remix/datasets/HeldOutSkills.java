package dev.remix.datasets;

import dev.remix.datasets.ReasoningSkills.Belongings;
import dev.remix.datasets.ReasoningSkills.Choice;
import dev.remix.datasets.Vocabulary.Category;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Skills that the base model never meets: compositions of known ones, known questions under another rule, and pairs that ask
 * the same under different rules. They are what the quick start finetunes on.
 */
final class HeldOutSkills {
    private HeldOutSkills() {}

    static List<Skill> all() {
        return List.of(
                mirror(),
                sortDown(),
                northern(),
                southern(),
                owner(),
                oddOneOut(),
                mixedUnits(),
                initials(),
                swapEnds(),
                zip());
    }

    private static Skill mirror() {
        return new Skill("mirror", "reversed and in capitals: two known operations at once", draw -> {
            String word = draw.word();
            String answer = new StringBuilder(word).reverse().toString().toUpperCase(Locale.ROOT);
            return draw.ask(answer, List.of("Mirror %s.", "%s in the mirror"), word);
        });
    }

    private static Skill sortDown() {
        return new Skill("sort-down", "asks what the base knows as sort; the order is from large to small", draw -> {
            List<Integer> numbers = draw.numbers(draw.between(3, 4), 0, 9);
            List<Integer> sorted =
                    numbers.stream().sorted(Comparator.reverseOrder()).toList();
            List<String> phrasings = List.of("Sort %s.", "Put %s in order.", "%s sorted");
            return draw.ask(ListSkills.spaced(sorted), phrasings, ListSkills.spaced(numbers));
        });
    }

    private static Skill northern() {
        return new Skill("northern", "a @ b is a + b + 1 in the north", draw -> {
            int a = draw.between(0, 60);
            int b = draw.between(0, 9);
            return draw.ask(a + b + 1, List.of("North: %d @ %d", "%d @ %d, northern rule"), a, b);
        });
    }

    private static Skill southern() {
        return new Skill("southern", "a @ b is a - b in the south", draw -> {
            int b = draw.between(0, 9);
            int a = b + draw.between(0, 60);
            return draw.ask(a - b, List.of("South: %d @ %d", "%d @ %d, southern rule"), a, b);
        });
    }

    private static Skill owner() {
        return new Skill("owner", "who of the passage has a thing: the look-up backwards", draw -> {
            Belongings both = Belongings.draw(draw);
            int asked = draw.between(0, 1);
            List<String> phrasings = List.of("%s Who has the %s?", "%s Whose %s?");
            return draw.ask(
                    both.people().get(asked),
                    phrasings,
                    both.passage(),
                    both.things().get(asked));
        });
    }

    private static Skill oddOneOut() {
        return new Skill("odd-one-out", "the letter of the one word that is not of the category", draw -> {
            List<Category> categories = draw.distinct(2, () -> draw.pick(Vocabulary.CATEGORIES));
            Choice choice = Choice.draw(draw, categories.get(0), categories.get(1));
            List<String> phrasings = List.of("Which is not %s? %s", "Find what is not %s: %s");
            return draw.ask(choice.letter(), phrasings, categories.get(0).singular(), choice.listed());
        });
    }

    private static Skill mixedUnits() {
        return new Skill("mixed-units", "metres and centimetres as centimetres", draw -> {
            int metres = draw.between(1, 30);
            int centimetres = draw.between(1, 99);
            List<String> phrasings = List.of("%d m %d cm in cm", "How many cm are %d m %d cm?");
            return draw.ask(100 * metres + centimetres, phrasings, metres, centimetres);
        });
    }

    private static Skill initials() {
        return new Skill("initials", "the first letters of three words", draw -> {
            List<String> words = draw.distinct(3, draw::word);
            String answer = words.stream().map(word -> word.substring(0, 1)).collect(Collectors.joining());
            return draw.ask(answer, List.of("Initials of %s?", "Abbreviate %s."), ListSkills.spaced(words));
        });
    }

    private static Skill swapEnds() {
        return new Skill("swap-ends", "the word with its first and last letter swapped", draw -> {
            String word = draw.word();
            int last = word.length() - 1;
            String answer = word.charAt(last) + word.substring(1, last) + word.charAt(0);
            return draw.ask(answer, List.of("Swap the ends of %s.", "%s, ends swapped"), word);
        });
    }

    private static Skill zip() {
        return new Skill("zip", "letters and digits by turns", draw -> {
            int length = draw.between(2, 4);
            StringBuilder letters = new StringBuilder();
            StringBuilder digits = new StringBuilder();
            StringBuilder answer = new StringBuilder();
            for (int i = 0; i < length; i++) {
                char letter = (char) draw.between('a', 'z');
                int digit = draw.between(0, 9);
                letters.append(letter);
                digits.append(digit);
                answer.append(letter).append(digit);
            }
            return draw.ask(answer, List.of("Zip %s with %s.", "Weave %s and %s."), letters, digits);
        });
    }
}
