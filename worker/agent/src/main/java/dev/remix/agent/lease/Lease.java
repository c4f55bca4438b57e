package dev.remix.agent.lease;

import dev.remix.agent.api.ApiException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Whether the attempt is still this worker's. It lasts from the moment a heartbeat was <em>sent</em>, so that the worker
 * stops before the service gives the attempt to another. Once lost it stays lost.
 */
public final class Lease {
    private final long lengthNanos;
    private final LongSupplier nanoTime;
    private final CompletableFuture<Void> loss = new CompletableFuture<>();
    private volatile long expiresAt;

    public Lease(Duration length, LongSupplier nanoTime) {
        this.lengthNanos = length.toNanos();
        this.nanoTime = nanoTime;
        renewedAt(nanoTime.getAsLong());
    }

    /** Counts from the time at which an answered heartbeat was sent. */
    public void renewedAt(long sentNanos) {
        expiresAt = sentNanos + lengthNanos;
    }

    public void lose() {
        loss.complete(null);
    }

    public boolean held() {
        return !loss.isDone() && nanoTime.getAsLong() - expiresAt < 0;
    }

    public void requireHeld() throws ApiException.LeaseLost {
        if (!held()) throw new ApiException.LeaseLost("the lease is lost or has run out");
    }

    /** Completes when the lease is lost. */
    public CompletableFuture<Void> loss() {
        return loss.copy();
    }

    /** Waits, but no longer than until the lease is lost. */
    public void pause(Duration duration) throws InterruptedException {
        try {
            loss.get(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return; // the pause is over and the lease still held
        } catch (ExecutionException e) {
            throw new IllegalStateException("a loss has no failure", e);
        }
    }

    Duration length() {
        return Duration.ofNanos(lengthNanos);
    }
}
