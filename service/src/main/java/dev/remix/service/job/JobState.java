package dev.remix.service.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Where a job is. The graph is drawn in {@code docs/jobs.md}; a test holds it, this and the schema together. */
public enum JobState {
    /** Created; moves on when its request has been checked. */
    VALIDATING,
    /** Waits for a worker to claim it, or for the backoff of a retry to pass. */
    QUEUED,
    /** A worker holds its lease; that worker's outcome or the reaper moves it on. */
    RUNNING,
    /** Put aside by a person, who will resume or cancel it. */
    PAUSED,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public Set<JobState> next() {
        return switch (this) {
            case VALIDATING -> Set.of(QUEUED, CANCELLED);
            case QUEUED -> Set.of(RUNNING, PAUSED, CANCELLED);
            case RUNNING -> Set.of(QUEUED, PAUSED, SUCCEEDED, FAILED, CANCELLED);
            case PAUSED -> Set.of(QUEUED, CANCELLED);
            case SUCCEEDED, FAILED, CANCELLED -> Set.of();
        };
    }

    public boolean isFinal() {
        return next().isEmpty();
    }

    /** As the database writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JobState of(String text) {
        return Arrays.stream(values())
                .filter(state -> state.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no job state is called '" + text + "'"));
    }
}
