package dev.remix.engine.train;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a run ended, failures aside, which are an {@link dev.remix.engine.EngineException}. */
public sealed interface RunOutcome {

    /**
     * Every step ran, or as many as the validation asked for.
     *
     * @param steps the last that ran; fewer than planned where early stopping ended the run
     * @param stateOf the step whose state the result is: the last, or the best evaluated one
     * @param adapterDirectory adapter_model.safetensors, adapter_config.json and their SHA-256 manifest
     * @param lossFirst mean loss of the first step, nats a token
     * @param lossLast mean loss over the last tenth of the steps
     * @param trainingSeconds wall time of the optimizer steps, those before a resume included
     * @param trainedTokens real tokens, each counted once and not once a draw
     */
    record Finished(
            Path adapterDirectory,
            int steps,
            int stateOf,
            double lossFirst,
            double lossLast,
            double trainingSeconds,
            long trainedTokens,
            @Nullable EvaluationReport before,
            @Nullable EvaluationReport after,
            List<Sample> samples,
            @Nullable ForcedRouting forcedRouting)
            implements RunOutcome {
        public Finished {
            samples = List.copyOf(samples);
        }
    }

    /** Ended between two steps because it was told to; the last checkpoint given to the listener is of this step. */
    record Stopped(int step) implements RunOutcome {}

    /** One held-out example with the greedy answers before and after. */
    record Sample(String prompt, String expected, String before, String after) {}

    /** Loss, nats a token, with the policy's top-K, with its one modal subset, and with uniformly random subsets. */
    record ForcedRouting(double policyLoss, double modalLoss, double uniformLoss) {}
}
