package dev.remix.service.job;

/** Published in the transaction that wrote an event, so that live streams need not wait for their next look. */
public record EventWritten(String jobId) {}
