package dev.remix.protocol;

import java.time.Instant;

/** One line of the worker's own log: {@code POST …/logs} (NDJSON); {@code seq} counts from 1 within the attempt. */
public record LogLine(long seq, Instant at, String level, String text) {}
