package dev.remix.engine.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hears a run, and tells it to stop after a number of steps, or kills it behind a certain one. */
final class Recording implements RunListener, RunControl {
    private final List<StepReport> steps = new ArrayList<>();
    private final List<EvaluationReport> evaluations = new ArrayList<>();
    private final Map<Integer, Path> checkpoints = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private final int stopAfter;
    private final int killBehind;

    Recording() {
        this(Integer.MAX_VALUE);
    }

    Recording(int stopAfter) {
        this(stopAfter, Integer.MAX_VALUE);
    }

    private Recording(int stopAfter, int killBehind) {
        this.stopAfter = stopAfter;
        this.killBehind = killBehind;
    }

    /** Of a run that writes nothing more once this step has ended. */
    static Recording killedBehind(int step) {
        return new Recording(Integer.MAX_VALUE, step);
    }

    Path directory(Path parent, String name) {
        try {
            return Files.createDirectories(parent.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<StepReport> steps() {
        return steps;
    }

    List<Double> losses() {
        return steps.stream().map(StepReport::loss).toList();
    }

    List<EvaluationReport> evaluations() {
        return evaluations;
    }

    Map<Integer, Path> checkpoints() {
        return checkpoints;
    }

    List<String> notes() {
        return notes;
    }

    @Override
    public void onNote(int step, String sentence) {
        notes.add(sentence);
    }

    @Override
    public void onPhase(Phase phase) {}

    @Override
    public void onStep(StepReport report) {
        steps.add(report);
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        evaluations.add(report);
    }

    @Override
    public void onCheckpoint(int step, Path file) {
        if (checkpoints.put(step, file) != null) {
            throw new AssertionError(
                    "step " + step + " was written twice, the second time over a file that is not its own");
        }
    }

    @Override
    public Signal signal() {
        if (!steps.isEmpty() && steps.getLast().step() >= killBehind) {
            return Signal.ABANDON;
        }
        return steps.size() < stopAfter ? Signal.CONTINUE : Signal.STOP;
    }
}
