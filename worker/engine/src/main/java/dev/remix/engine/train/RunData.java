package dev.remix.engine.train;

import dev.remix.engine.text.ChatFile;
import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.EvaluationReport.Split;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The examples of a run's evaluations, read once. */
record RunData(
        @Nullable LossEvaluation validation, @Nullable LossEvaluation test) {

    static RunData read(RunSpec spec, ChatTokenizer tokenizer) {
        return new RunData(
                evaluation(spec, Split.VALIDATION, spec.validation(), tokenizer),
                evaluation(spec, Split.TEST, spec.test(), tokenizer));
    }

    private static @Nullable LossEvaluation evaluation(
            RunSpec spec, Split split, @Nullable Path file, ChatTokenizer tokenizer) {
        if (file == null) {
            return null;
        }
        return new LossEvaluation(
                split, examples(file, spec, tokenizer), spec.options().batchSize());
    }

    static List<Example> examples(Path file, RunSpec spec, ChatTokenizer tokenizer) {
        return ChatFile.examples(file, tokenizer, spec.options().maxSequenceLength());
    }
}
