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
        @Nullable LossEvaluation validation, @Nullable Examination test) {

    static RunData read(RunSpec spec, ChatTokenizer tokenizer) {
        Path validation = spec.validation();
        Path test = spec.test();
        return new RunData(
                validation == null ? null : losses(spec, Split.VALIDATION, validation, tokenizer),
                test == null ? null : examination(spec, test, tokenizer));
    }

    private static Examination examination(RunSpec spec, Path file, ChatTokenizer tokenizer) {
        LossEvaluation losses = losses(spec, Split.TEST, file, tokenizer);
        return new Examination(
                losses, ChatFile.chats(file), tokenizer, spec.options().maxNewTokens());
    }

    private static LossEvaluation losses(RunSpec spec, Split split, Path file, ChatTokenizer tokenizer) {
        return new LossEvaluation(
                split, examples(file, spec, tokenizer), spec.options().batchSize());
    }

    static List<Example> examples(Path file, RunSpec spec, ChatTokenizer tokenizer) {
        return ChatFile.examples(file, tokenizer, spec.options().maxSequenceLength());
    }

    /** The examples that the routers are judged on: held-out ones, of the test before those of the validation. */
    @Nullable
    LossEvaluation heldOut() {
        return test == null ? validation : test.loss();
    }
}
