package dev.remix.agent.lease;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.AttemptApi;
import dev.remix.agent.lease.Orders.Order;
import dev.remix.protocol.Heartbeat;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the lease until it is interrupted, and passes on the orders that come back. Runs on its own thread. */
public final class Heartbeats implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);

    /** After an unanswered heartbeat the next is sent sooner: the lease is running out. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final AttemptApi api;
    private final Lease lease;
    private final Duration interval;
    private final Progress progress;
    private final Orders orders;
    private final LongSupplier nanoTime;

    public Heartbeats(
            AttemptApi api, Lease lease, Duration interval, Progress progress, Orders orders, LongSupplier nanoTime) {
        this.api = api;
        this.lease = lease;
        this.interval = interval;
        this.progress = progress;
        this.orders = orders;
        this.nanoTime = nanoTime;
    }

    @Override
    public void run() {
        try {
            while (lease.held()) {
                lease.pause(beat());
            }
            abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the attempt is over and this thread with it
        }
    }

    /** Sends one heartbeat; returns how long to wait before the next. */
    private Duration beat() throws InterruptedException {
        long sent = nanoTime.getAsLong();
        try {
            obey(api.heartbeat(progress.beat(), lease.length().dividedBy(3)), sent);
            return interval;
        } catch (ApiException.Away e) {
            log.warn("No answer to a heartbeat: {}", e.getMessage());
            return interval.compareTo(SOON) < 0 ? interval : SOON;
        } catch (ApiException e) {
            log.warn("The attempt was taken away: {}", e.getMessage());
            lease.lose();
            return Duration.ZERO;
        }
    }

    private void obey(Heartbeat.Answer answer, long sent) {
        switch (answer.command()) {
            case LOST -> lease.lose();
            case CONTINUE -> lease.renewedAt(sent);
            case STOP -> {
                lease.renewedAt(sent);
                orders.give(Order.STOP);
            }
            case CANCEL -> {
                lease.renewedAt(sent);
                orders.give(Order.CANCEL);
            }
        }
    }

    private void abandon() {
        lease.lose();
        orders.give(Order.ABANDON);
    }
}
