package dev.remix.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last word of an attempt: {@code POST …/outcome}. Sending it twice is harmless. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Succeeded.class, name = "succeeded"),
    @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Outcome.Cancelled.class, name = "cancelled"),
    @JsonSubTypes.Type(value = Outcome.Stopped.class, name = "stopped")
})
public sealed interface Outcome {

    /** Every step ran and the adapter's files were uploaded before this was sent. */
    record Succeeded(Result result) implements Outcome {}

    /**
     * @param detail one sentence for the person who sent the job: what is wrong, where, what to do
     * @param hint the change to make, or null
     */
    record Failed(FailureKind kind, String detail, @Nullable String hint) implements Outcome {}

    record Cancelled(int step) implements Outcome {}

    record Stopped(int step) implements Outcome {}

    /**
     * What the run came to.
     *
     * @param lossFirst training loss of the first step, nats a token
     * @param lossLast mean training loss of the last tenth of the steps
     * @param trainingSeconds wall time of the optimizer steps of the whole job, evaluation left out
     * @param tokensPerSecond tokens that are not padding, each counted once and not once a draw
     * @param before evaluation of the base model, after: of the finetuned one; null without a test file
     * @param adapterStep the step whose adapter was uploaded: the last, or the best evaluated one; null from earlier workers
     * @param forcedRouting loss on the test (else validation) examples by routing, or null for a kind without a router
     */
    record Result(
            int steps,
            double lossFirst,
            double lossLast,
            double trainingSeconds,
            double tokensPerSecond,
            long trainedTokens,
            @Nullable Evaluation before,
            @Nullable Evaluation after,
            List<Sample> samples,
            @Nullable ForcedRouting forcedRouting,
            @Nullable Integer adapterStep) {
        public Result {
            samples = List.copyOf(samples);
        }
    }

    /** Loss in nats a token; exact match as a share of the examples, 0..1, null where no answers were generated. */
    record Evaluation(double loss, @Nullable Double exactMatch, int examples) {}

    /** One held-out example with the answers before and after. */
    record Sample(String prompt, String expected, String before, String after) {}

    /** Loss with the policy's top-K, with the one subset it chose most often, and with uniformly random subsets. */
    record ForcedRouting(double policyLoss, double modalLoss, double uniformLoss) {}
}
