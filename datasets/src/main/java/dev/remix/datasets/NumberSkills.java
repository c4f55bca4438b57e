package dev.remix.datasets;

import java.util.List;

/** Arithmetic and comparison of small numbers. */
final class NumberSkills {
    private NumberSkills() {}

    static List<Skill> all() {
        return List.of(
                add().often(3),
                subtract().often(3),
                multiply(),
                divide(),
                successor().often(2),
                parity(),
                larger().often(2),
                sequence().often(2));
    }

    private static Skill add() {
        return new Skill("add", "the sum", draw -> {
            int a = draw.between(0, 60);
            int b = draw.between(0, 9);
            return draw.ask(a + b, List.of("What is %d + %d?", "Add %d and %d.", "%d plus %d"), a, b);
        });
    }

    private static Skill subtract() {
        return new Skill("subtract", "the difference", draw -> {
            int b = draw.between(0, 9);
            int a = b + draw.between(0, 60);
            return draw.ask(a - b, List.of("What is %d - %d?", "%d minus %d", "From %d take %d."), a, b);
        });
    }

    private static Skill multiply() {
        return new Skill("multiply", "the product", draw -> {
            int a = draw.between(1, 10);
            int b = draw.between(1, 10);
            return draw.ask(a * b, List.of("What is %d * %d?", "%d times %d", "Multiply %d by %d."), a, b);
        });
    }

    private static Skill divide() {
        return new Skill("divide", "the quotient, which is whole", draw -> {
            int quotient = draw.between(1, 10);
            int divisor = draw.between(1, 10);
            List<String> phrasings = List.of("What is %d / %d?", "%d divided by %d", "Share %d among %d.");
            return draw.ask(quotient, phrasings, quotient * divisor, divisor);
        });
    }

    private static Skill successor() {
        return new Skill("successor", "the number that follows", draw -> {
            int a = draw.between(0, 998);
            return draw.ask(a + 1, List.of("What comes after %d?", "Number after %d?", "One more than %d"), a);
        });
    }

    private static Skill parity() {
        return new Skill("parity", "odd or even", draw -> {
            int a = draw.between(0, 999);
            String answer = a % 2 == 0 ? "even" : "odd";
            return draw.ask(answer, List.of("Is %d odd or even?", "%d: odd or even?", "Parity of %d?"), a);
        });
    }

    private static Skill larger() {
        return new Skill("larger", "the larger of two numbers", draw -> {
            List<Integer> two = draw.numbers(2, 0, 99);
            int answer = Math.max(two.get(0), two.get(1));
            List<String> phrasings = List.of("Which is larger, %d or %d?", "%d or %d, the larger?", "More: %d or %d?");
            return draw.ask(answer, phrasings, two.get(0), two.get(1));
        });
    }

    private static Skill sequence() {
        return new Skill("sequence", "the next number of an arithmetic sequence", draw -> {
            int start = draw.between(0, 20);
            int step = draw.between(1, 5);
            List<String> phrasings = List.of("Continue %d %d %d", "%d %d %d, then?", "What follows %d %d %d?");
            return draw.ask(start + 3 * step, phrasings, start, start + step, start + 2 * step);
        });
    }
}
