package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a run is, and what its outcome needs of the steps behind it; goes into checkpoints.
 *
 * @param run what the run was asked for; a checkpoint of another run is refused
 * @param step last finished, 0 before the first
 * @param lossTail sum of the losses of the last tenth of the steps, as far as they ran
 * @param seconds wall time of the steps
 * @param tokens real tokens trained on
 * @param before evaluation of the untrained model on the test examples
 * @param answersBefore its answers to them, in order
 */
record Progress(
        String run,
        int step,
        double lossFirst,
        double lossTail,
        double seconds,
        long tokens,
        @Nullable EvaluationReport before,
        List<String> answersBefore) {
    private static final JsonMapper JSON = JsonMapper.shared();

    Progress {
        answersBefore = List.copyOf(answersBefore);
    }

    static Progress begin(String run, @Nullable EvaluationReport before, List<String> answersBefore) {
        return new Progress(run, 0, 0, 0, 0, 0, before, answersBefore);
    }

    static Progress resume(String run, String json) {
        try {
            Progress progress = JSON.readValue(json, Progress.class);
            if (!progress.run().equals(run)) {
                throw new EngineException(Kind.INVALID_SPEC, "The checkpoint is of a run with another specification.");
            }
            return progress;
        } catch (JacksonException e) {
            throw new EngineException(Kind.STORAGE, "The checkpoint's progress can't be read.", e);
        }
    }

    String toJson() {
        return JSON.writeValueAsString(this);
    }

    Progress after(StepReport report) {
        boolean inTail = report.step() > report.totalSteps() - tailSteps(report.totalSteps());
        return new Progress(
                run,
                report.step(),
                report.step() == 1 ? report.loss() : lossFirst,
                inTail ? lossTail + report.loss() : lossTail,
                seconds + report.seconds(),
                tokens + report.tokens(),
                before,
                answersBefore);
    }

    double lossLast(int totalSteps) {
        return lossTail / tailSteps(totalSteps);
    }

    private static int tailSteps(int totalSteps) {
        return Math.max(1, totalSteps / 10);
    }
}
