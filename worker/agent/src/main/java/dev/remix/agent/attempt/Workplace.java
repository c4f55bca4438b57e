package dev.remix.agent.attempt;

import dev.remix.agent.lease.Backoff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What an attempt finds on its machine.
 *
 * @param models the base models
 * @param directory where attempts keep their files while they run
 * @param training the engine
 * @param backoff between calls while the service is away
 * @param nanoTime a clock that never jumps
 * @param spoolBytes bound of the records that wait on disk
 * @param timeToEnd how long a run may take to end, with a checkpoint, before it is left behind
 */
public record Workplace(
        BaseModels models,
        Path directory,
        Training training,
        Backoff backoff,
        LongSupplier nanoTime,
        long spoolBytes,
        Duration timeToEnd) {}
