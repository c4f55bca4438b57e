package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.train.RunSpec.Stopping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a run is, and what its outcome needs of the steps behind it; goes into checkpoints.
 *
 * @param run what the run was asked for; a checkpoint of another run is refused
 * @param step last finished, 0 before the first
 * @param lossesLast of the last steps, as many as are a tenth of all
 * @param seconds wall time of the steps
 * @param tokens real tokens trained on
 * @param before evaluation of the untrained model on the test examples
 * @param answersBefore its answers to them, in order
 */
record Progress(
        String run,
        int step,
        double lossFirst,
        List<Double> lossesLast,
        double seconds,
        long tokens,
        @Nullable EvaluationReport before,
        List<String> answersBefore,
        ValidationCourse validation) {
    private static final JsonMapper JSON = JsonMapper.shared();

    Progress {
        lossesLast = List.copyOf(lossesLast);
        answersBefore = List.copyOf(answersBefore);
    }

    static Progress begin(String run, @Nullable EvaluationReport before, List<String> answersBefore) {
        return new Progress(run, 0, 0, List.of(), 0, 0, before, answersBefore, ValidationCourse.BEGIN);
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
        return new Progress(
                run,
                report.step(),
                report.step() == 1 ? report.loss() : lossFirst,
                withLast(report.loss(), tenth(report.totalSteps())),
                seconds + report.seconds(),
                tokens + report.tokens(),
                before,
                answersBefore,
                validation);
    }

    private List<Double> withLast(double loss, int most) {
        List<Double> losses = new ArrayList<>(lossesLast);
        losses.add(loss);
        return losses.subList(Math.max(0, losses.size() - most), losses.size());
    }

    Progress after(EvaluationReport report, Stopping stopping) {
        return new Progress(
                run,
                step,
                lossFirst,
                lossesLast,
                seconds,
                tokens,
                before,
                answersBefore,
                validation.after(report, stopping));
    }

    /** Mean over the last tenth of the steps that ran. */
    double lossLast() {
        int from = Math.max(0, lossesLast.size() - tenth(step));
        return lossesLast.stream().skip(from).mapToDouble(Double::doubleValue).sum() / (lossesLast.size() - from);
    }

    private static int tenth(int steps) {
        return Math.max(1, steps / 10);
    }
}
