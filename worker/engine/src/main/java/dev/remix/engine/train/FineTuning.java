package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.train.RunListener.Phase;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One run, from files to a trained adapter: the engine's front door. */
public final class FineTuning {
    private FineTuning() {}

    /**
     * @param checkpoint of the same specification to go on from, or null
     * @param workDirectory where checkpoints and the result are written
     */
    public static RunOutcome run(
            RunSpec spec, @Nullable Path checkpoint, Path workDirectory, RunListener listener, RunControl control) {
        listener.onPhase(Phase.PREPARING);
        try (ChatTokenizer tokenizer = tokenizer(spec)) {
            Batches batches = new ShuffledBatches(
                    RunData.examples(spec.training(), spec, tokenizer),
                    spec.options().batchSize(),
                    spec.seed());
            return run(spec, batches, checkpoint, workDirectory, listener, control);
        }
    }

    /** The same on batches of the caller's making; the specification's training file is not read. */
    public static RunOutcome run(
            RunSpec spec,
            Batches batches,
            @Nullable Path checkpoint,
            Path workDirectory,
            RunListener listener,
            RunControl control) {
        listener.onPhase(Phase.PREPARING);
        try (ChatTokenizer tokenizer = tokenizer(spec);
                Trainee trainee = new Trainee(Replicas.create(spec), spec)) {
            RunData data = RunData.read(spec, tokenizer);
            Run run = new Run(spec, batches, trainee, data, workDirectory, listener);
            return run.go(checkpoint, control);
        } catch (ai.djl.engine.EngineException e) {
            throw translated(e);
        }
    }

    private static ChatTokenizer tokenizer(RunSpec spec) {
        int vocabulary = DecoderConfig.read(spec.modelDirectory()).vocabulary();
        return ChatTokenizer.open(spec.modelDirectory(), vocabulary);
    }

    /** The engine below tells its troubles in text only. */
    private static RuntimeException translated(ai.djl.engine.EngineException e) {
        String message = String.valueOf(e.getMessage());
        boolean memory = message.contains("out of memory") || message.contains("not enough memory");
        return memory
                ? new EngineException(
                        Kind.OUT_OF_MEMORY,
                        "The device's memory is exhausted; try a smaller batch_size or max_sequence_length. "
                                + message.lines().findFirst().orElse(""),
                        e)
                : e;
    }
}
