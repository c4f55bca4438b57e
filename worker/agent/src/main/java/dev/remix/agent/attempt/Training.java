package dev.remix.agent.attempt;

import dev.remix.engine.train.RunControl;
import dev.remix.engine.train.RunListener;
import dev.remix.engine.train.RunOutcome;
import dev.remix.engine.train.RunSpec;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The engine, as an attempt sees it. */
@FunctionalInterface
public interface Training {
    /**
     * Trains on the calling thread.
     *
     * @param checkpoint a checkpoint file to go on from, or null
     * @param directory an empty directory for what the run writes
     */
    RunOutcome run(RunSpec spec, @Nullable Path checkpoint, Path directory, RunListener listener, RunControl control);
}
