package dev.remix.datasets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Answers questions from their text alone, by other means than the generators, so that both would have to be wrong alike. */
final class Solver {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final String DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday ";
    private static final String MONTHS =
            "January February March April May June July August September October November December ";

    private static final Map<String, Function<String, Object>> ANSWERS = Map.ofEntries(
            Map.entry("add", q -> number(q, 0) + number(q, 1)),
            Map.entry("subtract", q -> number(q, 0) - number(q, 1)),
            Map.entry("multiply", q -> number(q, 0) * number(q, 1)),
            Map.entry("divide", q -> number(q, 0) / number(q, 1)),
            Map.entry("successor", q -> number(q, 0) + 1),
            Map.entry(
                    "parity",
                    q -> "02468"
                                            .indexOf(numbers(q)
                                                    .getFirst()
                                                    .strip()
                                                    .charAt(numbers(q)
                                                                    .getFirst()
                                                                    .length()
                                                            - 1))
                                    >= 0
                            ? "even"
                            : "odd"),
            Map.entry("larger", q -> sortedNumbers(q).last()),
            Map.entry("sequence", q -> 2 * number(q, 2) - number(q, 1)),
            Map.entry(
                    "reverse",
                    q -> backwards(argument(q, "Reverse (\\w+)\\.|Spell (\\w+) backwards\\.|(\\w+) in reverse"))),
            Map.entry(
                    "capitals",
                    q -> capitals(argument(q, "Write (\\w+) in capitals\\.|Shout (\\w+)\\.|(\\w+) in upper case"))),
            Map.entry("first-letter", q -> argument(q, "First letter of (\\w).*|How does (\\w).* begin\\?")),
            Map.entry("last-letter", q -> argument(q, "Last letter of \\w*(\\w)\\?|How does \\w*(\\w) end\\?")),
            Map.entry(
                    "length",
                    q -> argument(q, "How many letters has (\\w+)\\?|Length of (\\w+)\\?")
                            .length()),
            Map.entry(
                    "spell",
                    q -> argument(q, "Spell (\\w+)\\.|Letter by letter: (\\w+)").replaceAll("(?<=.)(?=.)", "-")),
            Map.entry("twice", q -> {
                String word = argument(q, "Say (\\w+) twice\\.|Repeat (\\w+)\\.|(\\w+) two times");
                return word + " " + word;
            }),
            Map.entry("replace", q -> {
                List<String> parts = groups(q, "(?:Replace|Change) (\\w) (?:by|to) (\\w) in (\\w+)\\.");
                return parts.get(2).replaceAll(parts.get(0), parts.get(1));
            }),
            Map.entry("contains", q -> {
                List<String> parts = groups(q, "(?:Is there|Letter) (\\w) in (\\w+)\\?");
                return parts.get(1).matches(".*" + parts.get(0) + ".*") ? "yes" : "no";
            }),
            Map.entry("append", q -> {
                List<String> parts = groups(q, "(?:Append|Put) (\\w) (?:to|after) (\\w+)\\.");
                return parts.get(1) + parts.get(0);
            }),
            Map.entry("sort", q -> ListSkills.spaced(List.copyOf(sortedNumbers(q)))),
            Map.entry("largest", q -> sortedNumbers(q).last()),
            Map.entry("smallest", q -> sortedNumbers(q).first()),
            Map.entry("first-item", q -> argument(q, "First of (\\w+) .*|Head of (\\w+) .*|(\\w+) .*: the first\\?")),
            Map.entry("last-item", q -> argument(q, "Last of .* (\\w+)\\?|Tail of .* (\\w+)|.* (\\w+): the last\\?")),
            Map.entry("join", q -> {
                List<String> parts = groups(q, "(?:Join|Glue) (\\w+) (\\w+) (?:with|by) (.)");
                return parts.get(0) + parts.get(2) + parts.get(1);
            }),
            Map.entry("count", q -> numbers(q).size()),
            Map.entry("without", q -> {
                List<String> list = new ArrayList<>(numbers(q));
                String gone = list.removeFirst();
                list.remove(gone);
                return ListSkills.spaced(list);
            }),
            Map.entry("day-after", q -> after(q, DAYS, 7)),
            Map.entry("month-after", q -> after(q, MONTHS, 12)),
            Map.entry("hours", q -> {
                int minutes = 60 * number(q, 0) + number(q, 1) + 60 * number(q, 2);
                return "%02d:%02d".formatted(minutes / 60 % 24, minutes % 60);
            }),
            Map.entry("centimetres", q -> numbers(q).getFirst() + "00"),
            Map.entry("grams", q -> numbers(q).getFirst() + "000"),
            Map.entry("belongings", q -> {
                String person = argument(q, ".* What has (\\w+)\\?|.* And (\\w+)\\?");
                return argument(q, ".*" + person + " has a (\\w+)\\. .*");
            }),
            Map.entry("prices", q -> {
                String fruit = argument(q, ".* Price of (\\w+)\\?|.* One (\\w+)\\?");
                return argument(q, "(?:.* )?" + fruit + " (\\d+)[,.] .*");
            }),
            Map.entry("choice", q -> {
                String category = argument(q, "Which is an? (\\w+)\\?.*|Find an? (\\w+):.*");
                return letter(q, category);
            }),
            Map.entry("assignment", q -> q.contains("+") ? number(q, 0) + number(q, 1) : number(q, 0) - number(q, 1)),
            Map.entry("loop", q -> {
                StringBuilder printed = new StringBuilder();
                for (int i = number(q, 0); i <= number(q, 1); i++) {
                    printed.append(i).append(' ');
                }
                return printed.toString().strip();
            }),
            Map.entry("branch", q -> {
                List<String> words = groups(
                        q.replaceAll("if \\d+ > \\d+: print\\((\\w+)\\) else: print\\((\\w+)\\)", "? $1 : $2"),
                        ".*\\? (\\w+) : (\\w+)");
                return number(q, 0) > number(q, 1) ? words.get(0) : words.get(1);
            }),
            Map.entry("mirror", q -> capitals(backwards(argument(q, "Mirror (\\w+)\\.|(\\w+) in the mirror")))),
            Map.entry(
                    "sort-down",
                    q -> ListSkills.spaced(List.copyOf(sortedNumbers(q).descendingSet()))),
            Map.entry("northern", q -> number(q, 0) + number(q, 1)),
            Map.entry("southern", q -> number(q, 0) - number(q, 1)),
            Map.entry(
                    "second-largest",
                    q -> sortedNumbers(q).lower(sortedNumbers(q).last())),
            Map.entry("lesser", q -> sortedNumbers(q).first()),
            Map.entry(
                    "ends",
                    q -> argument(q, "Ends of (\\w+)\\?|How does (\\w+) begin and end\\?")
                            .replaceAll("^(.).*(.)$", "$1$2")),
            Map.entry("mixed-units", q -> 100 * number(q, 0) + number(q, 1)),
            Map.entry("hours-back", q -> {
                int minutes = 60 * number(q, 0) + number(q, 1) + 60 * (24 - number(q, 2));
                return "%02d:%02d".formatted(minutes / 60 % 24, minutes % 60);
            }),
            Map.entry("length-in-words", q -> switch (argument(q, "How many letters has (\\w+)\\?|Length of (\\w+)\\?")
                    .length()) {
                case 3 -> "three";
                case 4 -> "four";
                case 5 -> "five";
                case 6 -> "six";
                default -> throw new AssertionError(q);
            }));

    private Solver() {}

    static String answer(Exercise exercise) {
        Function<String, Object> rule = ANSWERS.get(exercise.skill());
        if (rule == null) {
            throw new AssertionError("no check for " + exercise.skill());
        }
        return String.valueOf(rule.apply(exercise.prompt()));
    }

    private static List<String> numbers(String text) {
        return NUMBER.matcher(text).results().map(MatchResult::group).toList();
    }

    private static int number(String text, int index) {
        return Integer.parseInt(numbers(text).get(index));
    }

    private static NavigableSet<Integer> sortedNumbers(String text) {
        return new TreeSet<>(numbers(text).stream().map(Integer::valueOf).toList());
    }

    private static List<String> groups(String text, String pattern) {
        MatchResult match = Pattern.compile(pattern)
                .matcher(text)
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError(text + " does not match " + pattern));
        return java.util.stream.IntStream.rangeClosed(1, match.groupCount())
                .mapToObj(match::group)
                .toList();
    }

    /** The one group that matched. */
    private static String argument(String text, String pattern) {
        return groups(text, "^(?:" + pattern + ")$").stream()
                .filter(group -> group != null)
                .findFirst()
                .orElseThrow();
    }

    private static String backwards(String word) {
        return word.isEmpty() ? "" : backwards(word.substring(1)) + word.charAt(0);
    }

    private static String capitals(String word) {
        return word.chars()
                .map(c -> c - 32)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String after(String question, String names, int period) {
        List<String> cycle = Arrays.asList((names + names).split(" "));
        int from = 0;
        while (!question.contains(cycle.get(from))) {
            from++;
        }
        return cycle.get(from + number(question, 0) % period);
    }

    private static String letter(String question, String category) {
        List<String> members = Vocabulary.CATEGORIES.stream()
                .filter(c -> c.singular().endsWith(" " + category))
                .findFirst()
                .orElseThrow()
                .members();
        List<String> options = groups(question, ".* A (\\w+) B (\\w+) C (\\w+)");
        return switch (options.stream()
                .filter(o -> members.contains(o))
                .map(options::indexOf)
                .toList()) {
            case List<Integer> one
            when one.size() == 1 -> List.of("A", "B", "C").get(one.getFirst());
            case List<Integer> several -> throw new AssertionError(question + " has " + several.size() + " answers");
        };
    }
}
