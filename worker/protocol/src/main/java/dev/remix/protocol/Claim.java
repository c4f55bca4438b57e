package dev.remix.protocol;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a worker takes a job: {@code POST /worker/v1/claims} answers 200 with a grant, or 204 when nothing fits. */
public final class Claim {
    private Claim() {}

    /**
     * What the worker is and can hold.
     *
     * @param worker its name, unique among living workers
     * @param device {@code cpu} or {@code cuda}
     * @param memoryBytes memory of that device
     */
    public record Request(String worker, String device, long memoryBytes) {}

    /**
     * An attempt that is now this worker's, for as long as it keeps the lease.
     *
     * @param attempt number of the try, from 1; the fence of every later write
     * @param token bearer token that is good for this attempt only
     * @param lease time without a heartbeat after which the attempt is taken away
     * @param heartbeat interval at which to send heartbeats
     * @param checkpoint where to go on from, or null to start at step 0
     */
    public record Grant(
            String jobId,
            int attempt,
            String token,
            Duration lease,
            Duration heartbeat,
            JobSpec spec,
            @Nullable CheckpointRef checkpoint) {}

    /** A stored checkpoint: {@code GET …/checkpoints/{step}} returns bytes with this SHA-256. */
    public record CheckpointRef(int step, String sha256, long bytes) {}
}
