package dev.remix.engine.train;

import java.nio.file.Path;

/** Hears what a run does, on the run's own thread and in order; a slow listener slows the run. */
public interface RunListener {
    /** What the run is busy with, for whoever watches it from outside. */
    enum Phase {
        PREPARING,
        EVALUATING,
        TRAINING,
        SAVING
    }

    void onPhase(Phase phase);

    void onStep(StepReport report);

    void onEvaluation(EvaluationReport report);

    /** A sentence for whoever follows the run, of something that it got over. */
    default void onNote(int step, String sentence) {}

    /** A whole checkpoint in one file at rest; the run never touches the file again, the listener owns it. */
    void onCheckpoint(int step, Path file);
}
