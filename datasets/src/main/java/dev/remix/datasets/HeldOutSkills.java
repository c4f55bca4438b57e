package dev.remix.datasets;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

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
                secondLargest(),
                lesser(),
                ends(),
                mixedUnits(),
                hoursBack(),
                lengthInWords());
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
        return new Skill("northern", "a @ b is a + b in the north", draw -> {
            int a = draw.between(0, 60);
            int b = draw.between(0, 9);
            return draw.ask(a + b, List.of("North: %d @ %d", "%d @ %d, northern rule"), a, b);
        });
    }

    private static Skill southern() {
        return new Skill("southern", "a @ b is a - b in the south", draw -> {
            int b = draw.between(0, 9);
            int a = b + draw.between(0, 60);
            return draw.ask(a - b, List.of("South: %d @ %d", "%d @ %d, southern rule"), a, b);
        });
    }

    private static Skill secondLargest() {
        return new Skill("second-largest", "the largest number of a list but one", draw -> {
            List<Integer> numbers = draw.numbers(4, 0, 9);
            int answer =
                    numbers.stream().sorted(Comparator.reverseOrder()).toList().get(1);
            return draw.ask(answer, List.of("Second largest of %s?", "Runner-up of %s"), ListSkills.spaced(numbers));
        });
    }

    private static Skill lesser() {
        return new Skill("lesser", "the smaller of two numbers, where the base knows the larger", draw -> {
            List<Integer> two = draw.numbers(2, 0, 99);
            int answer = Math.min(two.get(0), two.get(1));
            List<String> phrasings = List.of("Which is less, %d or %d?", "%d or %d, the lesser?", "Less: %d or %d?");
            return draw.ask(answer, phrasings, two.get(0), two.get(1));
        });
    }

    private static Skill ends() {
        return new Skill("ends", "the first and the last letter", draw -> {
            String word = draw.word();
            String answer = word.substring(0, 1) + word.charAt(word.length() - 1);
            return draw.ask(answer, List.of("Ends of %s?", "How does %s begin and end?"), word);
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

    private static Skill hoursBack() {
        return new Skill("hours-back", "the time some hours earlier", draw -> {
            int hour = draw.between(0, 23);
            int minute = 15 * draw.between(0, 3);
            int hours = draw.between(1, 5);
            String answer = "%02d:%02d".formatted((hour + 24 - hours) % 24, minute);
            List<String> phrasings = List.of("%02d:%02d minus %d hours", "%02d:%02d, %d hours earlier?");
            return draw.ask(answer, phrasings, hour, minute, hours);
        });
    }

    private static Skill lengthInWords() {
        return new Skill("length-in-words", "asks what the base knows as length; the answer is a word", draw -> {
            String word = draw.word();
            String answer = List.of("three", "four", "five", "six").get(word.length() - 3);
            return draw.ask(answer, List.of("How many letters has %s?", "Length of %s?"), word);
        });
    }
}
