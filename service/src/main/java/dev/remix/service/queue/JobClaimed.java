package dev.remix.service.queue;

import dev.remix.service.job.AttemptId;
import java.time.Duration;

/** Published in the transaction that gave a job to a worker, after it had waited in the queue. */
public record JobClaimed(AttemptId attempt, Duration waited) {}
