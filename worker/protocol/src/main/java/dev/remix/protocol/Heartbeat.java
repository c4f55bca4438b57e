package dev.remix.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code POST /worker/v1/jobs/{job}/attempts/{attempt}/heartbeat}; its answer is the control channel. */
public final class Heartbeat {
    private Heartbeat() {}

    /** The phase the worker is in and the last finished step, by which a stall is told from a crash. */
    public record Beat(Phase phase, int step) {}

    public enum Phase {
        PREPARING,
        EVALUATING,
        TRAINING,
        UPLOADING
    }

    /** What to do next; {@code leaseExpiresAt} is null when the lease is lost. */
    public record Answer(Command command, @Nullable Instant leaseExpiresAt) {}

    public enum Command {
        /** Go on. */
        CONTINUE,
        /** Write a checkpoint, report {@link Outcome.Stopped} and exit; another attempt will go on from there. */
        STOP,
        /** Keep a checkpoint, report {@link Outcome.Cancelled} and exit. */
        CANCEL,
        /** The attempt belongs to this worker no more: exit at once and write nothing. */
        LOST
    }
}
