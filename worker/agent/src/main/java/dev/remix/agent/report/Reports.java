package dev.remix.agent.report;

import dev.remix.agent.api.AttemptApi;
import dev.remix.agent.lease.Progress;
import dev.remix.agent.lease.Retries;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Everything an attempt tells, each on its way of its own: records, checkpoints, log lines. */
public final class Reports implements AutoCloseable {
    private static final int LOG_LINES = 10_000;
    private static final Duration LAST_LOG_LINES = Duration.ofSeconds(2);

    private final RecordSpool spool;
    private final RecordSender records;
    private final CheckpointUploads checkpoints;
    private final LogLines lines;
    private final LogSender logs;
    private final Telling telling;

    /**
     * @param spoolFile where records wait, a file that does not exist
     * @param spoolBytes its bound
     * @param worthwhile false once nothing can be delivered any more
     */
    public Reports(
            AttemptApi api,
            Retries retries,
            Progress progress,
            Path spoolFile,
            long spoolBytes,
            BooleanSupplier worthwhile)
            throws IOException {
        this.spool = new RecordSpool(spoolFile, spoolBytes, worthwhile);
        this.records = new RecordSender(spool, api, retries);
        this.checkpoints = new CheckpointUploads(spool, api, retries, worthwhile);
        this.lines = LogLines.capture(LOG_LINES);
        this.logs = new LogSender(lines, api, retries);
        this.telling = new Telling(progress, spool, checkpoints);
    }

    /** The three senders, each to be run on a thread of its own. */
    public RecordSender records() {
        return records;
    }

    public CheckpointUploads checkpoints() {
        return checkpoints;
    }

    public LogSender logs() {
        return logs;
    }

    /** What the run reports to. */
    public Telling telling() {
        return telling;
    }

    /** Waits until all records and the newest checkpoint have arrived, or waiting is no longer worthwhile. */
    public void awaitDelivered() throws InterruptedException {
        spool.awaitAcknowledged(spool.lastSeq());
        checkpoints.await();
    }

    /** Sends the log lines up to now, for a short while: the attempt's outcome matters more. */
    public void finishLogs() throws InterruptedException {
        logs.finish(LAST_LOG_LINES);
    }

    @Override
    public void close() throws IOException {
        lines.close();
        spool.close();
    }
}
