package dev.remix.agent.report;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.AttemptApi;
import dev.remix.agent.lease.Retries;
import java.io.IOException;
import java.time.Duration;

/**
 * Sends what is in the spool, one batch at a time and in order. The service's {@code next_seq} is the only truth on what has
 * arrived, so that a batch whose answer got lost is neither sent past nor doubled.
 */
public final class RecordSender {
    private static final int BATCH = 200;
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final RecordSpool spool;
    private final AttemptApi api;
    private final Retries retries;

    public RecordSender(RecordSpool spool, AttemptApi api, Retries retries) {
        this.spool = spool;
        this.api = api;
        this.retries = retries;
    }

    /** Goes on until interrupted or until the records can't be delivered any more. */
    public void run() throws ApiException, IOException, InterruptedException {
        while (true) {
            var batch = spool.next(BATCH, EVERY);
            if (batch.count() > 0) spool.acknowledge(retries.untilAnswered(() -> send(batch)));
        }
    }

    private long send(RecordSpool.Batch batch) throws ApiException, InterruptedException {
        try {
            return api.records(batch.ndjson());
        } catch (ApiException.SequenceGap e) {
            return e.nextSeq();
        }
    }
}
