package dev.remix.datasets;

import java.util.List;
import java.util.Locale;

/** Operations on the letters of one word. */
final class TextSkills {
    private TextSkills() {}

    static List<Skill> all() {
        return List.of(
                reverse().often(2),
                capitals(),
                firstLetter(),
                lastLetter(),
                length(),
                spell(),
                twice(),
                replace().often(2),
                contains().often(2),
                append());
    }

    private static Skill reverse() {
        return new Skill("reverse", "the word from back to front", draw -> {
            String word = draw.word();
            String answer = new StringBuilder(word).reverse().toString();
            return draw.ask(answer, List.of("Reverse %s.", "Spell %s backwards.", "%s in reverse"), word);
        });
    }

    private static Skill capitals() {
        return new Skill("capitals", "the word in capital letters", draw -> {
            String word = draw.word();
            String answer = word.toUpperCase(Locale.ROOT);
            return draw.ask(answer, List.of("Write %s in capitals.", "Shout %s.", "%s in upper case"), word);
        });
    }

    private static Skill firstLetter() {
        return new Skill("first-letter", "the first letter", draw -> {
            String word = draw.word();
            return draw.ask(word.charAt(0), List.of("First letter of %s?", "How does %s begin?"), word);
        });
    }

    private static Skill lastLetter() {
        return new Skill("last-letter", "the last letter", draw -> {
            String word = draw.word();
            List<String> phrasings = List.of("Last letter of %s?", "How does %s end?");
            return draw.ask(word.charAt(word.length() - 1), phrasings, word);
        });
    }

    private static Skill length() {
        return new Skill("length", "the number of letters", draw -> {
            String word = draw.word();
            return draw.ask(word.length(), List.of("How many letters has %s?", "Length of %s?"), word);
        });
    }

    private static Skill spell() {
        return new Skill("spell", "the letters with hyphens between them", draw -> {
            String word = draw.word();
            return draw.ask(String.join("-", word.split("")), List.of("Spell %s.", "Letter by letter: %s"), word);
        });
    }

    private static Skill twice() {
        return new Skill("twice", "the word two times", draw -> {
            String word = draw.word();
            return draw.ask(word + " " + word, List.of("Say %s twice.", "Repeat %s.", "%s two times"), word);
        });
    }

    private static Skill replace() {
        return new Skill("replace", "the word with one letter replaced", draw -> {
            String word = draw.word();
            char from = word.charAt(draw.between(0, word.length() - 1));
            char to = (char) draw.between('a', 'z');
            List<String> phrasings = List.of("Replace %s by %s in %s.", "Change %s to %s in %s.");
            return draw.ask(word.replace(from, to), phrasings, from, to, word);
        });
    }

    private static Skill contains() {
        return new Skill("contains", "whether the letter occurs", draw -> {
            String word = draw.word();
            char letter =
                    draw.chance() ? word.charAt(draw.between(0, word.length() - 1)) : (char) draw.between('a', 'z');
            String answer = word.indexOf(letter) < 0 ? "no" : "yes";
            return draw.ask(answer, List.of("Is there %s in %s?", "Letter %s in %s?"), letter, word);
        });
    }

    private static Skill append() {
        return new Skill("append", "the word with a letter added at its end", draw -> {
            String word = draw.word();
            char letter = (char) draw.between('a', 'z');
            return draw.ask(word + letter, List.of("Append %s to %s.", "Put %s after %s."), letter, word);
        });
    }
}
