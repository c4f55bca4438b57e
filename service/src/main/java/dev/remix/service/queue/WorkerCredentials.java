package dev.remix.service.queue;

import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Attempts;
import org.springframework.stereotype.Component;

/** Tells workers by their tokens: one registers any worker, one is good for a single attempt. */
@Component
public class WorkerCredentials {
    private final RegistrationToken registration;
    private final Attempts attempts;

    WorkerCredentials(RegistrationToken registration, Attempts attempts) {
        this.registration = registration;
        this.attempts = attempts;
    }

    public boolean mayClaim(String token) {
        return registration.matches(token);
    }

    /** Also true of an attempt that has ended, whose every write is refused: its worker has to be told so. */
    public boolean mayActFor(AttemptId id, String token) {
        return attempts.isHeldWith(id, Tokens.hash(token));
    }
}
