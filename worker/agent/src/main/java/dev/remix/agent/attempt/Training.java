package dev.remix.agent.attempt;

import dev.remix.engine.train.RunControl;
import dev.remix.engine.train.RunListener;
import dev.remix.engine.train.RunOutcome;
import dev.remix.engine.train.RunSpec;
import java.nio.file.Path;
import java.util.List;

/** The engine, as an attempt sees it. */
@FunctionalInterface
public interface Training {
    /**
     * Trains on the calling thread.
     *
     * @param newestFirst checkpoint files, of which the first whole one is to go on from; none to begin
     * @param directory an empty directory for what the run writes
     */
    RunOutcome run(RunSpec spec, List<Path> newestFirst, Path directory, RunListener listener, RunControl control);
}
