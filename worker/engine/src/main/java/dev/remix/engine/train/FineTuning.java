package dev.remix.engine.train;

import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.train.RunListener.Phase;
import java.nio.file.Path;
import java.util.List;

/** One run, from files to a trained adapter: the engine's front door. */
public final class FineTuning {
    private FineTuning() {}

    /**
     * @param newestFirst checkpoints of the same specification: the run goes on from the first that is whole, and tells the
     *     listener of those that are not; without any it begins at the beginning
     * @param workDirectory where checkpoints and the result are written
     */
    public static RunOutcome run(
            RunSpec spec, List<Path> newestFirst, Path workDirectory, RunListener listener, RunControl control) {
        listener.onPhase(Phase.PREPARING);
        return run(spec, ofFile(spec), newestFirst, workDirectory, listener, control);
    }

    /**
     * What a run of this specification will take on this machine. Reads the training file and, for the pace, tries steps of a model
     * of the same shape with one layer and two; loads no weights and writes nothing.
     */
    public static RunForecast forecast(RunSpec spec) {
        Batches batches = ofFile(spec);
        DecoderConfig config = DecoderConfig.read(spec.modelDirectory());
        Rehearsal rehearsal = new Rehearsal(spec, config, System::nanoTime);
        return new RunForecast(Forecasts.of(spec, batches), rehearsal.operationsPerSecond(Forecasts.typical(batches)));
    }

    private static Batches ofFile(RunSpec spec) {
        try (ChatTokenizer tokenizer = tokenizer(spec)) {
            return new ShuffledBatches(
                    RunData.examples(spec.training(), spec, tokenizer),
                    spec.options().batchSize(),
                    spec.seed());
        } catch (OutOfMemoryError e) {
            throw OutOfMemory.told(e, spec);
        }
    }

    /** The same on batches of the caller's making; the specification's training file is not read. */
    public static RunOutcome run(
            RunSpec spec,
            Batches batches,
            List<Path> newestFirst,
            Path workDirectory,
            RunListener listener,
            RunControl control) {
        listener.onPhase(Phase.PREPARING);
        try (ChatTokenizer tokenizer = tokenizer(spec);
                Trainee trainee = new Trainee(Replicas.create(spec), spec)) {
            RunData data = RunData.read(spec, tokenizer);
            Run run = new Run(spec, batches, trainee, data, workDirectory, listener);
            return run.go(newestFirst, control);
        } catch (OutOfMemoryError e) {
            throw OutOfMemory.told(e, spec);
        } catch (ai.djl.engine.EngineException e) {
            throw OutOfMemory.is(e) ? OutOfMemory.told(e, spec) : e;
        }
    }

    private static ChatTokenizer tokenizer(RunSpec spec) {
        int vocabulary = DecoderConfig.read(spec.modelDirectory()).vocabulary();
        return ChatTokenizer.open(spec.modelDirectory(), vocabulary);
    }
}
