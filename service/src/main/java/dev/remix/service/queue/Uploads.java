package dev.remix.service.queue;

import dev.remix.service.Refusal;
import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StagedObject;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Attempts;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Takes in what a worker uploads, if it is what the worker says it is. */
@Component
class Uploads {
    private final Attempts attempts;
    private final ObjectStore objects;

    Uploads(Attempts attempts, ObjectStore objects) {
        this.attempts = attempts;
        this.objects = objects;
    }

    /** A stale attempt is turned away before its bytes are read; whoever keeps them has to hold the attempt again. */
    StagedObject stage(AttemptId id, InputStream content, String sha256) throws IOException {
        attempts.require(id);
        StagedObject staged = objects.stage(content);
        if (!staged.content().sha256().equals(sha256.toLowerCase(Locale.ROOT))) {
            staged.close();
            throw Refusal.of(
                    Refusal.Kind.INVALID,
                    "sha256_mismatch",
                    "What arrived has SHA-256 %s, not %s."
                            .formatted(staged.content().sha256(), sha256));
        }
        return staged;
    }
}
