package dev.remix.engine.train;

import dev.remix.engine.train.RunSpec.Stopping;
import org.jspecify.annotations.Nullable;

/**
 * What the validation's loss did so far, of which checkpoints keep what decisions need.
 *
 * @param bestStep step of the lowest loss, 0 before the first evaluation
 * @param bestLoss nats a token, null before the first evaluation
 * @param reference the loss that the next has to improve on to count, null before the first evaluation
 * @param without evaluations in a row that did not improve on it
 */
record ValidationCourse(
        int bestStep, @Nullable Double bestLoss, @Nullable Double reference, int without) {
    static final ValidationCourse BEGIN = new ValidationCourse(0, null, null, 0);

    /** A loss that is not a number improves on nothing. */
    ValidationCourse after(EvaluationReport report, Stopping stopping) {
        double loss = report.loss();
        boolean lowest = bestLoss == null ? Double.isFinite(loss) : loss < bestLoss;
        boolean improved = reference == null ? Double.isFinite(loss) : loss < reference - stopping.minimumImprovement();
        return new ValidationCourse(
                lowest ? report.step() : bestStep,
                lowest ? Double.valueOf(loss) : bestLoss,
                improved ? Double.valueOf(loss) : reference,
                improved ? 0 : without + 1);
    }

    boolean outOfPatience(Stopping stopping) {
        return stopping.patience() > 0 && without >= stopping.patience();
    }
}
