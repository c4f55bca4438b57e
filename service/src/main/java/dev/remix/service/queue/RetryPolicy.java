package dev.remix.service.queue;

import dev.remix.service.job.Failure;
import dev.remix.service.job.Job;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Whether a job is tried again after a failed attempt, and how long it waits before. */
@Component
class RetryPolicy {
    private final QueueSettings settings;

    RetryPolicy(QueueSettings settings) {
        this.settings = settings;
    }

    boolean retries(Job job, Failure failure) {
        return failure.kind().retryable() && !job.isOnItsLastAttempt();
    }

    Duration backoff(Job job) {
        int doublings = Math.min(job.failedAttempts(), Integer.SIZE - 2);
        Duration doubled = settings.backoff().multipliedBy(1L << doublings);
        return doubled.compareTo(settings.maxBackoff()) < 0 ? doubled : settings.maxBackoff();
    }
}
