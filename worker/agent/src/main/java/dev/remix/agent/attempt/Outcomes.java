package dev.remix.agent.attempt;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.lease.Orders.Order;
import dev.remix.engine.train.EvaluationReport;
import dev.remix.engine.train.RunOutcome;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.Outcome;
import org.jspecify.annotations.Nullable;

/** How a run ended, in the words of the protocol. */
final class Outcomes {
    private static final String INTERRUPTED = "The machine took the worker away.";

    private Outcomes() {}

    /** A run that ended early did so by an order; which one decides what becomes of the job. */
    static Outcome ofStopped(int step, Order order) throws ApiException.LeaseLost {
        return switch (order) {
            case STOP -> new Outcome.Stopped(step);
            case CANCEL -> new Outcome.Cancelled(step);
            case INTERRUPT -> new Outcome.Failed(FailureKind.INTERRUPTED, INTERRUPTED, null);
            case ABANDON -> throw new ApiException.LeaseLost("the attempt was taken away");
            case GO_ON, GIVE_UP -> throw new IllegalStateException("the run stopped at step " + step + " unasked");
        };
    }

    static FailureException noTimeForACheckpoint() {
        return new FailureException(FailureKind.INTERRUPTED, INTERRUPTED, null);
    }

    static Outcome.Succeeded ofFinished(RunOutcome.Finished run) {
        return new Outcome.Succeeded(new Outcome.Result(
                run.steps(),
                run.lossFirst(),
                run.lossLast(),
                run.trainingSeconds(),
                run.trainingSeconds() > 0 ? run.trainedTokens() / run.trainingSeconds() : 0,
                run.trainedTokens(),
                evaluation(run.before()),
                evaluation(run.after()),
                run.samples().stream()
                        .map(sample ->
                                new Outcome.Sample(sample.prompt(), sample.expected(), sample.before(), sample.after()))
                        .toList(),
                forcedRouting(run.forcedRouting()),
                run.stateOf()));
    }

    private static Outcome.@Nullable Evaluation evaluation(@Nullable EvaluationReport report) {
        return report == null ? null : new Outcome.Evaluation(report.loss(), report.exactMatch(), report.examples());
    }

    private static Outcome.@Nullable ForcedRouting forcedRouting(RunOutcome.@Nullable ForcedRouting losses) {
        return losses == null
                ? null
                : new Outcome.ForcedRouting(losses.policyLoss(), losses.modalLoss(), losses.uniformLoss());
    }
}
