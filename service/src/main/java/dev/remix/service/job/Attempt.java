package dev.remix.service.job;

import dev.remix.protocol.FailureKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One worker's try at a job.
 *
 * @param leaseExpiresAt null once it has ended
 * @param phase what its worker was last busy with
 * @param resumedFrom step of the checkpoint it went on from, 0 without one
 * @param step last step it reported
 * @param totalSteps null before the first step
 * @param lastSeq sequence number of the last record it delivered
 * @param outcome {@code succeeded failed cancelled stopped}, null while it lives
 */
public record Attempt(
        String jobId,
        int number,
        String worker,
        String device,
        Instant startedAt,
        Instant heartbeatAt,
        @Nullable Instant leaseExpiresAt,
        String phase,
        int resumedFrom,
        int step,
        @Nullable Integer totalSteps,
        long lastSeq,
        @Nullable Instant endedAt,
        @Nullable String outcome,
        @Nullable FailureKind failureKind,
        @Nullable String failureDetail) {

    public AttemptId id() {
        return new AttemptId(jobId, number);
    }

    public boolean isLive() {
        return endedAt == null;
    }
}
