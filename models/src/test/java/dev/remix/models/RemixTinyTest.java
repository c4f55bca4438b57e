package dev.remix.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.datasets.Skill;
import dev.remix.datasets.Skills;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shipped weights: good at what they were trained on, bad at what is left to finetune. */
class RemixTinyTest {
    private static final Path DIRECTORY = Path.of("remix-tiny");
    private static final SkillAccuracy ACCURACY = new SkillAccuracy(25, 99);

    @Test
    void itMastersItsOwnSkills() {
        assertThat(mean(Skills.base())).isGreaterThan(0.75);
    }

    @Test
    void theHeldOutSkillsAreStillToBeLearnt() {
        assertThat(mean(Skills.heldOut())).isLessThan(0.2);
    }

    @Test
    void itIsSmallEnoughToBeCommitted() throws IOException {
        assertThat(Files.size(DIRECTORY.resolve("model.safetensors"))).isBetween(1_600_000L, 8_000_000L);
    }

    @Test
    void itsCardSaysHowItIsAtEachSkill() throws IOException {
        String card = Files.readString(DIRECTORY.resolve("README.md"));
        assertThat(card)
                .contains("./remix pretrain")
                .contains(Skills.base().stream()
                        .map(skill -> "| `" + skill.name() + "` |")
                        .toList());
    }

    private static double mean(List<Skill> skills) {
        Map<Skill, Double> accuracies = ACCURACY.of(DIRECTORY, skills);
        return accuracies.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }
}
