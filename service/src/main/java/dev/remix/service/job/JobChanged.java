package dev.remix.service.job;

import org.jspecify.annotations.Nullable;

/** Published in the transaction that changed a job's state; {@code from} is null for a new job. */
public record JobChanged(String jobId, @Nullable JobState from, JobState to) {}
