package dev.remix.engine.train;

import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.EvaluationReport.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Mean loss over the learnt tokens of a set of examples. */
final class LossEvaluation {
    private final Split split;
    private final List<Batch> batches;
    private final int examples;
    private final double tokens;

    LossEvaluation(Split split, List<Example> examples, int batchSize) {
        this.split = split;
        this.batches = byLength(examples, batchSize);
        this.examples = examples.size();
        this.tokens = batches.stream().mapToDouble(Batch::weight).sum();
    }

    private static List<Batch> byLength(List<Example> examples, int batchSize) {
        List<Example> sorted = examples.stream()
                .sorted(Comparator.comparingInt(Example::length))
                .toList();
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += batchSize) {
            batches.add(new Batch(sorted.subList(from, Math.min(from + batchSize, sorted.size()))));
        }
        return batches;
    }

    List<Batch> batches() {
        return batches;
    }

    EvaluationReport report(Trainee trainee, int step) {
        return new EvaluationReport(
                step, split, mean(batch -> trainee.evaluate(batch).loss()), null, examples);
    }

    /** Nats a learnt token, of whatever gives the summed loss of a batch. */
    double mean(LossOfBatch losses) {
        return batches.stream().mapToDouble(losses::of).sum() / tokens;
    }

    @FunctionalInterface
    interface LossOfBatch {
        double of(Batch batch);
    }
}
