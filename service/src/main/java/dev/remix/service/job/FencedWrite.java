package dev.remix.service.job;

/** Published when a write was refused because its attempt had ended. */
public record FencedWrite(AttemptId attempt) {}
