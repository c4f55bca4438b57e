package dev.remix.service.job;

/** Published in the transaction that ended an attempt. */
public record AttemptEnded(AttemptId attempt, AttemptEnd end) {}
