package dev.remix.web.job;

import dev.remix.service.job.EventWritten;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Rings when an event was committed, so that a live stream need not wait until it looks the next time. */
@Component
class EventBell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ringing = lock.newCondition();
    private long rung;

    @TransactionalEventListener(EventWritten.class)
    void ring() {
        lock.lock();
        try {
            rung++;
            ringing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How often it rang; read it before looking for events, so that none is missed in between. */
    long rung() {
        lock.lock();
        try {
            return rung;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until it has rung more often than {@code heard}, or for so long.
     *
     * @return how long it waited
     */
    Duration await(long heard, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (rung == heard && left > 0) {
                left = ringing.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        return Duration.ofNanos(atMost.toNanos() - left);
    }
}
