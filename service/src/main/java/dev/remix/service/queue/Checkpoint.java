package dev.remix.service.queue;

import dev.remix.protocol.Claim;
import dev.remix.service.artifact.StoredObject;
import java.time.Instant;

/** A stored state of a run, from which another attempt can go on after {@code step}. */
public record Checkpoint(String id, String jobId, int attempt, int step, StoredObject content, Instant createdAt) {

    Claim.CheckpointRef ref() {
        return new Claim.CheckpointRef(step, content.sha256(), content.bytes());
    }
}
