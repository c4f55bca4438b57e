package dev.remix.service.queue;

/**
 * Where a queued job stands.
 *
 * @param position 1 is the next to be claimed
 * @param reason what it waits for, one sentence
 */
public record QueuePosition(int position, String reason) {}
