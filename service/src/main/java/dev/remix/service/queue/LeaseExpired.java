package dev.remix.service.queue;

import dev.remix.service.job.AttemptId;

/** Published in the transaction that took an attempt away because its lease had run out. */
public record LeaseExpired(AttemptId attempt) {}
