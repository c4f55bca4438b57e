package dev.remix.agent.report;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.AttemptApi;
import dev.remix.agent.lease.Retries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Uploads checkpoints beside the training. Only the newest one waits: an older one that could not be sent yet is of no use
 * to anybody. A checkpoint goes out after the records of the steps it holds, for an attempt that resumes from it repeats none
 * of them.
 */
public final class CheckpointUploads {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final RecordSpool spool;
    private final AttemptApi api;
    private final BooleanSupplier worthwhile;
    private final Retries retries;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Checkpoint waiting;
    private boolean uploading;

    private record Checkpoint(int step, Path file, long lastSeq) {}

    public CheckpointUploads(RecordSpool spool, AttemptApi api, Retries retries, BooleanSupplier worthwhile) {
        this.spool = spool;
        this.api = api;
        this.worthwhile = worthwhile;
        this.retries = retries;
    }

    /** Takes over the file; every record written so far belongs to it. */
    public void offer(int step, Path file) throws IOException {
        lock.lock();
        try {
            if (waiting != null) Files.deleteIfExists(waiting.file());
            waiting = new Checkpoint(step, file, spool.lastSeq());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Goes on until interrupted or until a checkpoint can't be delivered. */
    public void run() throws ApiException, IOException, InterruptedException {
        while (true) {
            upload(take());
            idle();
        }
    }

    private void upload(Checkpoint checkpoint) throws ApiException, IOException, InterruptedException {
        spool.awaitAcknowledged(checkpoint.lastSeq());
        retries.untilDone(() -> api.uploadCheckpoint(checkpoint.step(), checkpoint.file()));
        Files.deleteIfExists(checkpoint.file());
    }

    private Checkpoint take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting == null) changed.await();
            var next = waiting;
            waiting = null;
            uploading = true;
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void idle() {
        lock.lock();
        try {
            uploading = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the newest checkpoint has arrived or waiting is no longer worthwhile. */
    public void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while ((waiting != null || uploading) && worthwhile.getAsBoolean()) {
                var _ = changed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }
}
