package dev.remix.datasets;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Operations on short lists. */
final class ListSkills {
    private ListSkills() {}

    static List<Skill> all() {
        return List.of(
                sort(),
                largest().often(2),
                smallest().often(2),
                firstItem(),
                lastItem(),
                join(),
                count(),
                without().often(2));
    }

    static String spaced(List<?> items) {
        return items.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static Skill sort() {
        return new Skill("sort", "the numbers from small to large", draw -> {
            List<Integer> numbers = draw.numbers(draw.between(3, 4), 0, 9);
            String answer = spaced(numbers.stream().sorted().toList());
            return draw.ask(answer, List.of("Sort %s.", "Put %s in order.", "%s sorted"), spaced(numbers));
        });
    }

    private static Skill largest() {
        return new Skill("largest", "the largest number of a list", draw -> {
            List<Integer> numbers = draw.numbers(draw.between(3, 4), 0, 9);
            List<String> phrasings = List.of("Largest of %s?", "Maximum of %s", "Which is most: %s?");
            return draw.ask(Collections.max(numbers), phrasings, spaced(numbers));
        });
    }

    private static Skill smallest() {
        return new Skill("smallest", "the smallest number of a list", draw -> {
            List<Integer> numbers = draw.numbers(draw.between(3, 4), 0, 9);
            List<String> phrasings = List.of("Smallest of %s?", "Minimum of %s", "Which is least: %s?");
            return draw.ask(Collections.min(numbers), phrasings, spaced(numbers));
        });
    }

    private static Skill firstItem() {
        return new Skill("first-item", "the first word of a list", draw -> {
            List<String> words = draw.distinct(3, draw::word);
            return draw.ask(words.getFirst(), List.of("First of %s?", "Head of %s", "%s: the first?"), spaced(words));
        });
    }

    private static Skill lastItem() {
        return new Skill("last-item", "the last word of a list", draw -> {
            List<String> words = draw.distinct(3, draw::word);
            return draw.ask(words.getLast(), List.of("Last of %s?", "Tail of %s", "%s: the last?"), spaced(words));
        });
    }

    private static Skill join() {
        return new Skill("join", "two words with a sign between them", draw -> {
            List<String> words = draw.distinct(2, draw::word);
            String sign = draw.pick(List.of("-", "+", "/", "_"));
            return draw.ask(String.join(sign, words), List.of("Join %s with %s", "Glue %s by %s"), spaced(words), sign);
        });
    }

    private static Skill count() {
        return new Skill("count", "how many items a list has", draw -> {
            List<Integer> numbers = draw.numbers(draw.between(2, 7), 0, 9);
            return draw.ask(numbers.size(), List.of("How many: %s?", "Count %s.", "Items in %s?"), spaced(numbers));
        });
    }

    private static Skill without() {
        return new Skill("without", "the list without one of its numbers", draw -> {
            List<Integer> numbers = draw.numbers(4, 0, 9);
            Integer gone = draw.pick(numbers);
            String answer = spaced(numbers.stream().filter(n -> !n.equals(gone)).toList());
            return draw.ask(answer, List.of("Drop %s from %s.", "Remove %s of %s."), gone, spaced(numbers));
        });
    }
}
