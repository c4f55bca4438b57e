package dev.remix.datasets;

import java.util.List;

/** Days, months, hours and units. */
final class MeasureSkills {
    private MeasureSkills() {}

    static List<Skill> all() {
        return List.of(dayAfter(), monthAfter(), hours().often(2), centimetres(), grams());
    }

    private static Skill dayAfter() {
        return new Skill("day-after", "the weekday some days later", draw -> {
            int day = draw.between(0, 6);
            int days = draw.between(1, 5);
            String answer = Vocabulary.DAYS.get((day + days) % 7);
            return draw.ask(answer, List.of("%d days after %s?", "%d days on from %s"), days, Vocabulary.DAYS.get(day));
        });
    }

    private static Skill monthAfter() {
        return new Skill("month-after", "the month some months later", draw -> {
            int month = draw.between(0, 11);
            int months = draw.between(1, 3);
            String answer = Vocabulary.MONTHS.get((month + months) % 12);
            List<String> phrasings = List.of("%d months after %s?", "%d months on from %s");
            return draw.ask(answer, phrasings, months, Vocabulary.MONTHS.get(month));
        });
    }

    private static Skill hours() {
        return new Skill("hours", "the time some hours later", draw -> {
            int hour = draw.between(0, 23);
            int minute = 15 * draw.between(0, 3);
            int hours = draw.between(1, 5);
            String answer = "%02d:%02d".formatted((hour + hours) % 24, minute);
            return draw.ask(
                    answer, List.of("%02d:%02d plus %d hours", "%02d:%02d, %d hours later?"), hour, minute, hours);
        });
    }

    private static Skill centimetres() {
        return new Skill("centimetres", "metres as centimetres", draw -> {
            int metres = draw.between(1, 99);
            return draw.ask(100 * metres, List.of("%d m in cm", "How many cm are %d m?"), metres);
        });
    }

    private static Skill grams() {
        return new Skill("grams", "kilograms as grams", draw -> {
            int kilograms = draw.between(1, 99);
            return draw.ask(1000 * kilograms, List.of("%d kg in g", "How many g are %d kg?"), kilograms);
        });
    }
}
