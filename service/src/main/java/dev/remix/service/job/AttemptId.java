package dev.remix.service.job;

/** Names an attempt; the number is the fence of every write that comes from it. */
public record AttemptId(String jobId, int number) {}
