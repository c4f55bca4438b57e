package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.decoder.ModelDirectory;
import dev.remix.engine.device.Compute;
import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.train.RunListener.Phase;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        try (ChatTokenizer tokenizer = ChatTokenizer.open(spec.modelDirectory())) {
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
        try (Compute compute = Compute.choose();
                ChatTokenizer tokenizer = ChatTokenizer.open(spec.modelDirectory());
                Trainee trainee = trainee(compute, spec)) {
            RunData data = RunData.read(spec, tokenizer);
            Progress start = checkpoint == null
                    ? Progress.begin(spec.identity(), testReport(data, trainee, 0, listener), List.of())
                    : Checkpoints.restore(checkpoint, trainee, spec.identity());
            TrainingLoop loop =
                    new TrainingLoop(trainee, batches, spec.options(), data.validation(), listener, workDirectory);
            listener.onPhase(Phase.TRAINING);
            Progress end = loop.run(start, control);
            return end.step() < loop.totalSteps()
                    ? new RunOutcome.Stopped(end.step())
                    : finish(spec, trainee, data, end, workDirectory, listener);
        } catch (ai.djl.engine.EngineException e) {
            throw translated(e);
        }
    }

    private static RunOutcome finish(
            RunSpec spec, Trainee trainee, RunData data, Progress end, Path workDirectory, RunListener listener) {
        EvaluationReport after = testReport(data, trainee, end.step(), listener);
        listener.onPhase(Phase.SAVING);
        Path directory = workDirectory.resolve("result");
        save(spec, trainee, directory);
        return new RunOutcome.Finished(
                directory,
                end.step(),
                end.lossFirst(),
                end.lossLast(end.step()),
                end.seconds(),
                end.tokens(),
                end.before(),
                after,
                List.of(),
                null);
    }

    private static void save(RunSpec spec, Trainee trainee, Path directory) {
        try {
            Files.createDirectories(directory);
            trainee.save(directory, spec.modelDirectory().getFileName().toString());
            if (spec.adapter() instanceof AdapterSpec.FullParameters) {
                ModelDirectory.copySurroundings(spec.modelDirectory(), directory);
            }
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, "The result can't be written: " + e.getMessage(), e);
        }
    }

    private static @Nullable EvaluationReport testReport(
            RunData data, Trainee trainee, int step, RunListener listener) {
        if (data.test() == null) {
            return null;
        }
        listener.onPhase(Phase.EVALUATING);
        EvaluationReport report = data.test().report(trainee, step);
        listener.onEvaluation(report);
        return report;
    }

    private static Trainee trainee(Compute compute, RunSpec spec) {
        return switch (spec.adapter()) {
            case AdapterSpec.FullParameters full ->
                new FullTrainee(compute, wholeDecoder(compute, spec), spec.options());
            case AdapterSpec.Lora lora -> {
                Decoder decoder = frozenDecoder(compute, spec);
                yield new LoraTrainee(compute, decoder, newAdapter(compute, spec, decoder), spec.options());
            }
            case AdapterSpec.Remix remix -> {
                Decoder decoder = frozenDecoder(compute, spec);
                yield new RemixTrainee(
                        compute, decoder, newAdapter(compute, spec, decoder), remix, spec.options(), spec.seed());
            }
        };
    }

    private static Decoder frozenDecoder(Compute compute, RunSpec spec) {
        NumberFormat format = switch (spec.options().precision()) {
            case F32 -> NumberFormat.F32;
            case BF16 -> NumberFormat.BF16;
        };
        return Decoder.load(compute, spec.modelDirectory(), format);
    }

    private static Adapter newAdapter(Compute compute, RunSpec spec, Decoder decoder) {
        return Adapter.initialise(compute, decoder.config(), spec.adapter(), spec.seed());
    }

    /** The directory's weights, or, where it has none, new ones: that is pretraining. */
    private static Decoder wholeDecoder(Compute compute, RunSpec spec) {
        Path directory = spec.modelDirectory();
        if (spec.options().precision() != RunSpec.Precision.F32) {
            throw new EngineException(
                    Kind.INVALID_SPEC, "Precision bf16 is for a frozen base; training every weight needs f32.");
        }
        return WeightFiles.presentIn(directory)
                ? Decoder.load(compute, directory, NumberFormat.F32)
                : Decoder.initialise(compute, DecoderConfig.read(directory), spec.seed());
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
