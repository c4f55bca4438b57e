package dev.remix.protocol;

/**
 * Why an attempt ended without a result. The kind alone decides whether the job is tried again, so a worker must choose it
 * by cause and never by convenience.
 */
public enum FailureKind {
    INVALID_DATA(Blame.USER, false),
    INVALID_SPEC(Blame.USER, false),
    MODEL_NOT_FOUND(Blame.USER, false),
    DIVERGED(Blame.USER, false),
    OUT_OF_MEMORY(Blame.USER, false),
    WORKER_LOST(Blame.INFRASTRUCTURE, true),
    INTERRUPTED(Blame.INFRASTRUCTURE, true),
    STORAGE(Blame.INFRASTRUCTURE, true),
    INTERNAL(Blame.PLATFORM, true);

    /** Who has to act: the person who sent the job, whoever keeps the machines, or the authors of this program. */
    public enum Blame {
        USER,
        PLATFORM,
        INFRASTRUCTURE
    }

    private final Blame blame;
    private final boolean retryable;

    FailureKind(Blame blame, boolean retryable) {
        this.blame = blame;
        this.retryable = retryable;
    }

    public Blame blame() {
        return blame;
    }

    /** Whether another attempt from the last checkpoint can end differently. */
    public boolean retryable() {
        return retryable;
    }
}
