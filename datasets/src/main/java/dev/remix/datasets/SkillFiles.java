package dev.remix.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The finetuning data set: the held-out skills as chat JSONL in three files.
 *
 * <p>No prompt occurs twice, in one file or in two. Lines go round the skills: line n is of skill n modulo their number.
 */
public final class SkillFiles {
    /** The seed of the files in the repository. */
    public static final long SEED = 20261124;

    private static final Map<String, Integer> EXAMPLES_PER_SKILL = new LinkedHashMap<>();

    static {
        EXAMPLES_PER_SKILL.put("train", 320);
        EXAMPLES_PER_SKILL.put("validation", 20);
        EXAMPLES_PER_SKILL.put("test", 40);
    }

    private static final JsonMapper JSON = JsonMapper.shared();

    private SkillFiles() {}

    /** The text of each file by its name. */
    public static Map<String, String> generate(long seed) {
        Random random = new Random(seed);
        Set<String> taken = new HashSet<>();
        Map<String, String> files = new LinkedHashMap<>();
        EXAMPLES_PER_SKILL.forEach((split, examples) -> files.put(
                split + ".jsonl",
                exercises(examples, random, taken).stream()
                        .map(SkillFiles::line)
                        .collect(Collectors.joining("\n", "", "\n"))));
        return files;
    }

    static List<Exercise> exercises(int perSkill, Random random, Set<String> taken) {
        return IntStream.range(0, perSkill)
                .boxed()
                .flatMap(round -> Skills.heldOut().stream())
                .map(skill -> fresh(skill, random, taken))
                .toList();
    }

    private static Exercise fresh(Skill skill, Random random, Set<String> taken) {
        Exercise exercise = skill.exercise(random);
        while (!taken.add(exercise.prompt())) {
            exercise = skill.exercise(random);
        }
        return exercise;
    }

    private static String line(Exercise exercise) {
        Map<String, String> user = new LinkedHashMap<>();
        user.put("role", "user");
        user.put("content", exercise.prompt());
        Map<String, String> assistant = new LinkedHashMap<>();
        assistant.put("role", "assistant");
        assistant.put("content", exercise.answer());
        return JSON.writeValueAsString(Map.of("messages", List.of(user, assistant)));
    }

    /** Writes the files into a directory. */
    public static void write(Path directory, long seed) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, String> file : generate(seed).entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
    }
}
