package dev.remix.service.job;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened to a job.
 *
 * @param number from 1 in each job, in the order in which the transactions committed
 * @param level {@code info warn error}
 * @param type {@code message} or {@code metrics}
 * @param data what programs may read from it
 */
public record JobEvent(
        String jobId, long number, Instant at, String level, String type, String message, Map<String, Object> data) {
    public JobEvent {
        data = Map.copyOf(data);
    }

    /** {@code ftevent-<job>-<number>}: unique over all jobs, and sorted as the events are. */
    public String id() {
        return "ftevent-%s-%010d".formatted(jobId.substring(jobId.indexOf('-') + 1), number);
    }

    /** The number in an event's identifier; 0, which is before the first, when it is none of this job's. */
    public static long number(String jobId, String eventId) {
        String prefix = "ftevent-%s-".formatted(jobId.substring(jobId.indexOf('-') + 1));
        String digits = eventId.startsWith(prefix) ? eventId.substring(prefix.length()) : "";
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
    }
}
