package dev.remix.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SkillsTest {
    private static final int SAMPLE = 500;

    static Stream<Skill> skills() {
        return Stream.concat(Skills.base().stream(), Skills.heldOut().stream());
    }

    @ParameterizedTest
    @MethodSource("skills")
    void everyAnswerFollowsFromItsQuestion(Skill skill) {
        assertThat(sample(skill))
                .allSatisfy(exercise ->
                        assertThat(exercise.answer()).as(exercise.prompt()).isEqualTo(Solver.answer(exercise)));
    }

    @ParameterizedTest
    @MethodSource("skills")
    void questionsAreShortAndVaried(Skill skill) {
        List<Exercise> exercises = sample(skill);
        assertThat(exercises).allSatisfy(exercise -> {
            assertThat(exercise.prompt())
                    .hasSizeLessThanOrEqualTo(64)
                    .isEqualTo(exercise.prompt().strip());
            assertThat(exercise.answer()).isNotBlank().hasSizeLessThanOrEqualTo(15);
        });
        assertThat(exercises.stream().map(Exercise::prompt).distinct()).hasSizeGreaterThan(50);
    }

    @Test
    void skillsHaveDifferentNames() {
        assertThat(Skills.base()).hasSizeBetween(24, 40);
        assertThat(Skills.heldOut()).hasSizeGreaterThanOrEqualTo(8);
        assertThat(skills().map(Skill::name)).doesNotHaveDuplicates();
    }

    @Test
    void theCorpusIsTheSameForTheSameSeed() {
        List<Exercise> first = Skills.corpus(Skills.base(), 3).limit(1000).toList();
        assertThat(Skills.corpus(Skills.base(), 3).limit(1000)).containsExactlyElementsOf(first);
        assertThat(Skills.corpus(Skills.base(), 4).limit(1000).toList()).isNotEqualTo(first);
    }

    @Test
    void theCorpusGivesEverySkillItsShare() {
        int round = Skills.base().stream().mapToInt(Skill::share).sum();
        Map<String, Long> counts = Skills.corpus(Skills.base(), 3)
                .limit(10L * round)
                .collect(Collectors.groupingBy(Exercise::skill, Collectors.counting()));
        assertThat(Skills.base())
                .allSatisfy(skill -> assertThat(counts.get(skill.name())).isEqualTo(10L * skill.share()));
    }

    @Test
    void noHeldOutQuestionIsAnsweredByTheCorpus() {
        Map<String, String> held = SkillFiles.generate(SkillFiles.SEED).keySet().stream()
                .flatMap(file -> Skills.heldOut().stream().flatMap(skill -> sample(skill).stream()))
                .collect(Collectors.toMap(Exercise::prompt, Exercise::answer, (a, b) -> a));
        assertThat(Skills.corpus(Skills.base(), 1).limit(50_000))
                .noneMatch(exercise -> exercise.answer().equals(held.get(exercise.prompt())));
    }

    private static List<Exercise> sample(Skill skill) {
        Random random = new Random(skill.name().hashCode());
        return IntStream.range(0, SAMPLE).mapToObj(i -> skill.exercise(random)).toList();
    }
}
