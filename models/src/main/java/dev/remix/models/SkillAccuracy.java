package dev.remix.models;

import dev.remix.datasets.Skill;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.generate.ExactMatch;
import dev.remix.engine.generate.Generator;
import dev.remix.engine.text.Chat;
import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.weights.NumberFormat;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** How many of a skill's exercises a model answers exactly, on exercises that it was not trained on. */
final class SkillAccuracy {
    private static final int LONGEST_ANSWER = 24;

    private final int exercisesPerSkill;
    private final long seed;

    SkillAccuracy(int exercisesPerSkill, long seed) {
        this.exercisesPerSkill = exercisesPerSkill;
        this.seed = seed;
    }

    /** Accuracy of each skill, 0..1, in the skills' order. */
    Map<Skill, Double> of(Path modelDirectory, List<Skill> skills) {
        Map<Skill, Double> accuracies = new LinkedHashMap<>();
        try (Compute compute = Compute.choose();
                ChatTokenizer tokenizer = ChatTokenizer.open(modelDirectory);
                Decoder decoder = Decoder.load(compute, modelDirectory, NumberFormat.F32);
                Adapter none = Adapter.none(compute, decoder);
                Generator greedy = Generator.of(compute, decoder, none)) {
            for (Skill skill : skills) {
                accuracies.put(
                        skill,
                        ExactMatch.of(greedy, tokenizer, chats(skill), LONGEST_ANSWER)
                                .share());
            }
        }
        return accuracies;
    }

    private List<Chat> chats(Skill skill) {
        Random random = new Random(seed + skill.name().hashCode());
        return IntStream.range(0, exercisesPerSkill)
                .mapToObj(i -> CorpusBatches.chat(skill.exercise(random)))
                .toList();
    }
}
