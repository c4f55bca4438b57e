package dev.remix.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SkillFilesTest {
    private static final Path COMMITTED = Path.of("skills");

    @Test
    void theCommittedFilesAreTheGenerators(@TempDir Path directory) throws IOException {
        SkillFiles.write(directory, SkillFiles.SEED);
        for (String name : List.of("train.jsonl", "validation.jsonl", "test.jsonl")) {
            assertThat(COMMITTED.resolve(name)).hasSameBinaryContentAs(directory.resolve(name));
        }
    }

    @Test
    void noQuestionOccursTwice() throws IOException {
        List<String> prompts = List.of(prompts("train"), prompts("validation"), prompts("test")).stream()
                .flatMap(List::stream)
                .toList();
        assertThat(prompts).hasSize(3800).doesNotHaveDuplicates();
    }

    @Test
    void everySplitHasEverySkillEquallyOften() {
        Map<String, Long> counts = SkillFiles.exercises(40, new Random(1), new HashSet<>()).stream()
                .collect(Collectors.groupingBy(Exercise::skill, Collectors.counting()));
        assertThat(counts.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Skills.heldOut().stream().map(Skill::name).toList());
        assertThat(counts).allSatisfy((skill, count) -> assertThat(count).isEqualTo(40));
    }

    @Test
    void aLineIsAQuestionAndItsAnswer() throws IOException {
        assertThat(Files.readAllLines(COMMITTED.resolve("test.jsonl")))
                .hasSize(400)
                .allSatisfy(line -> {
                    JsonNode messages = JsonMapper.shared().readTree(line).path("messages");
                    assertThat(messages).hasSize(2);
                    assertThat(messages.get(0).path("role").stringValue()).isEqualTo("user");
                    assertThat(messages.get(1).path("role").stringValue()).isEqualTo("assistant");
                });
    }

    @Test
    void theReadmeHasEverySkillAndItsRule() throws IOException {
        assertThat(COMMITTED.resolve("README.md"))
                .content()
                .contains(Stream.concat(Skills.heldOut().stream(), Skills.base().stream())
                        .map(skill -> "| `%s` | %s |".formatted(skill.name(), skill.rule()))
                        .toList());
    }

    private static List<String> prompts(String split) throws IOException {
        return Files.readAllLines(COMMITTED.resolve(split + ".jsonl")).stream()
                .map(line -> JsonMapper.shared()
                        .readTree(line)
                        .at("/messages/0/content")
                        .stringValue())
                .toList();
    }
}
