package dev.remix.models;

import dev.remix.datasets.Exercise;
import dev.remix.datasets.Skill;
import dev.remix.datasets.Skills;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.BatchOrder;
import dev.remix.engine.text.Chat;
import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.text.Example;
import dev.remix.engine.text.Message;
import dev.remix.engine.train.Batches;
import java.util.List;

/**
 * Batches of a corpus that is made as it is read, so that no exercise is ever trained on again but by chance.
 *
 * <p>A window of batches is made at a time and its examples are sorted among them by length, which saves padding. The window
 * is a function of seed and step alone.
 */
final class CorpusBatches implements Batches {
    private static final int WINDOW = 8;

    private final List<Skill> skills;
    private final ChatTokenizer tokenizer;
    private final int batchSize;
    private final int steps;
    private final long seed;
    private int window = -1;
    private List<Batch> batches = List.of();

    CorpusBatches(List<Skill> skills, ChatTokenizer tokenizer, int batchSize, int steps, long seed) {
        this.skills = List.copyOf(skills);
        this.tokenizer = tokenizer;
        this.batchSize = batchSize;
        this.steps = steps;
        this.seed = seed;
    }

    @Override
    public int stepsPerEpoch() {
        return steps;
    }

    @Override
    public Batch at(int step) {
        int wanted = (step - 1) / WINDOW;
        if (wanted != window) {
            batches = make(wanted);
            window = wanted;
        }
        return batches.get((step - 1) % WINDOW);
    }

    private List<Batch> make(int number) {
        List<Example> examples = Skills.corpus(skills, seed * 1_000_003L + number)
                .limit((long) WINDOW * batchSize)
                .map(exercise -> tokenizer.example(chat(exercise)))
                .toList();
        return new BatchOrder(examples, batchSize, seed)
                .epoch(number).stream()
                        .map(batch ->
                                new Batch(batch.stream().map(examples::get).toList()))
                        .toList();
    }

    static Chat chat(Exercise exercise) {
        return new Chat(List.of(Message.user(exercise.prompt()), Message.assistant(exercise.answer())));
    }
}
