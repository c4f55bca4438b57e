package dev.remix.engine.train;

/** Asked between two steps whether to go on. */
@FunctionalInterface
public interface RunControl {
    enum Signal {
        CONTINUE,
        /** Write a checkpoint and return {@link RunOutcome.Stopped}. */
        STOP,
        /** Return at once, write nothing: whoever ran this has lost the right to. */
        ABANDON
    }

    Signal signal();
}
