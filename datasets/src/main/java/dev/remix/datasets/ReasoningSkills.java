package dev.remix.datasets;

import dev.remix.datasets.Vocabulary.Category;
import java.util.List;
import java.util.stream.IntStream;

/** Look-up in a passage, multiple choice, and what small programs print. */
final class ReasoningSkills {
    private ReasoningSkills() {}

    static List<Skill> all() {
        return List.of(
                belongings().often(3),
                prices().often(3),
                choice().often(3),
                assignment().often(2),
                loop(),
                branch().often(2));
    }

    /** Two people and what each has, as the passage says it. */
    record Belongings(List<String> people, List<String> things) {
        static Belongings draw(Draw draw) {
            List<String> things = draw.distinct(2, () -> draw.pick(Vocabulary.THINGS));
            return new Belongings(draw.distinct(2, () -> draw.pick(Vocabulary.NAMES)), things);
        }

        String passage() {
            return "%s has a %s. %s has a %s.".formatted(people.get(0), things.get(0), people.get(1), things.get(1));
        }
    }

    /** Three lettered words, of which the one at {@code odd} is of another category than the other two. */
    record Choice(List<String> options, int odd) {
        static Choice draw(Draw draw, Category ofTwo, Category ofOne) {
            int odd = draw.between(0, 2);
            List<String> options = draw.distinct(2, () -> draw.pick(ofTwo.members()));
            options.add(odd, draw.pick(ofOne.members()));
            return new Choice(options, odd);
        }

        String listed() {
            return "A %s B %s C %s".formatted(options.get(0), options.get(1), options.get(2));
        }

        String letter() {
            return "ABC".substring(odd, odd + 1);
        }
    }

    private static Skill belongings() {
        return new Skill("belongings", "what a person of the passage has", draw -> {
            Belongings both = Belongings.draw(draw);
            int asked = draw.between(0, 1);
            List<String> phrasings = List.of("%s What has %s?", "%s And %s?");
            return draw.ask(
                    both.things().get(asked),
                    phrasings,
                    both.passage(),
                    both.people().get(asked));
        });
    }

    private static Skill prices() {
        return new Skill("prices", "the price of one thing on a list", draw -> {
            List<String> fruits = draw.distinct(2, () -> draw.pick(Vocabulary.FRUITS));
            List<Integer> prices = draw.numbers(2, 1, 99);
            int asked = draw.between(0, 1);
            String list = "%s %d, %s %d.".formatted(fruits.get(0), prices.get(0), fruits.get(1), prices.get(1));
            return draw.ask(prices.get(asked), List.of("%s Price of %s?", "%s One %s?"), list, fruits.get(asked));
        });
    }

    private static Skill choice() {
        return new Skill("choice", "the letter of the one word of a category", draw -> {
            List<Category> categories = draw.distinct(2, () -> draw.pick(Vocabulary.CATEGORIES));
            Choice choice = Choice.draw(draw, categories.get(0), categories.get(1));
            List<String> phrasings = List.of("Which is %s? %s", "Find %s: %s");
            return draw.ask(choice.letter(), phrasings, categories.get(1).singular(), choice.listed());
        });
    }

    private static Skill assignment() {
        return new Skill("assignment", "what a program with two assignments prints", draw -> {
            int x = draw.between(0, 20);
            int y = draw.between(1, 9);
            boolean plus = draw.chance() || y > x;
            List<String> phrasings = List.of("x = %d; x = x %s %d; print(x)", "x = %d; y = x %s %d; print(y)");
            return draw.ask(plus ? x + y : x - y, phrasings, x, plus ? "+" : "-", y);
        });
    }

    private static Skill loop() {
        return new Skill("loop", "what a counting loop prints", draw -> {
            int from = draw.between(0, 20);
            int to = from + draw.between(1, 4);
            String answer =
                    ListSkills.spaced(IntStream.rangeClosed(from, to).boxed().toList());
            return draw.ask(answer, List.of("for i in %d..%d: print(i)", "count from %d to %d"), from, to);
        });
    }

    private static Skill branch() {
        return new Skill("branch", "what a program with a condition prints", draw -> {
            List<Integer> two = draw.numbers(2, 0, 50);
            List<String> words = draw.distinct(2, () -> draw.pick(Vocabulary.COLOURS));
            String answer = two.get(0) > two.get(1) ? words.get(0) : words.get(1);
            List<String> phrasings = List.of("if %d > %d: print(%s) else: print(%s)", "%d > %d ? %s : %s");
            return draw.ask(answer, phrasings, two.get(0), two.get(1), words.get(0), words.get(1));
        });
    }
}
