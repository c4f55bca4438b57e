package dev.remix.agent.report;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.AttemptApi;
import dev.remix.agent.lease.Retries;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sends log lines while the attempt lasts. A log that can't be delivered is no reason to end a training. */
public final class LogSender {
    private static final int BATCH = 500;

    private final LogLines lines;
    private final AttemptApi api;
    private final Retries retries;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean finishing;

    public LogSender(LogLines lines, AttemptApi api, Retries retries) {
        this.lines = lines;
        this.api = api;
        this.retries = retries;
    }

    /** Goes on until told to finish, interrupted, or refused. */
    public void run() throws ApiException, IOException, InterruptedException {
        try {
            while (!finishing || !lines.isEmpty()) {
                var batch = lines.next(BATCH);
                if (!batch.isEmpty()) retries.untilDone(() -> api.logs(batch));
            }
        } finally {
            finished.countDown();
        }
    }

    /** Sends what has been logged until now, within {@code atMost}. */
    public void finish(Duration atMost) throws InterruptedException {
        finishing = true;
        var _ = finished.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }
}
