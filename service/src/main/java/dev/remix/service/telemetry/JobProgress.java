package dev.remix.service.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * How far a job has come, by its present attempt.
 *
 * @param percent of the steps, 0..100
 * @param tokens trained on so far, padding left out
 * @param tokensPerSecond over the last steps, null before the first
 * @param etaSeconds to the last step at that speed, null before the first step
 * @param loss of the last step, nats a token
 * @param effectiveLoras mean over the sites of the last step: of the applied weights
 * @param policyEffectiveLoras the same, of the policy
 * @param distinctSubsets the same, of the subsets selected
 */
public record JobProgress(
        int step,
        int totalSteps,
        double percent,
        long tokens,
        @Nullable Double tokensPerSecond,
        @Nullable Double etaSeconds,
        @Nullable Double loss,
        @Nullable Double effectiveLoras,
        @Nullable Double policyEffectiveLoras,
        @Nullable Double distinctSubsets) {

    static JobProgress none(int plannedSteps) {
        return new JobProgress(0, plannedSteps, 0, 0, null, null, null, null, null, null);
    }
}
