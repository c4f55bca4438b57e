package dev.remix.agent.attempt;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.lease.Orders;
import dev.remix.agent.lease.Orders.Order;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The threads beside the training. What ends one of them ends the attempt: its result could not be delivered. */
final class Background implements AutoCloseable {
    private static final Duration PARTING = Duration.ofSeconds(5);

    private final Orders orders;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final List<Thread> threads = new ArrayList<>();

    Background(Orders orders) {
        this.orders = orders;
    }

    @FunctionalInterface
    interface Duty {
        void run() throws ApiException, IOException, InterruptedException;
    }

    void start(String name, Duty duty) {
        threads.add(Thread.ofPlatform().name(name).daemon().start(() -> attend(duty)));
    }

    private void attend(Duty duty) {
        try {
            duty.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // told to by close()
        } catch (ApiException | IOException | RuntimeException | Error e) {
            failure.completeExceptionally(e);
            orders.give(Order.GIVE_UP);
        }
    }

    boolean failed() {
        return failure.isDone();
    }

    void requireWell() throws ExecutionException, InterruptedException {
        if (failed()) failure.get();
    }

    /** Completes, with what was thrown, when a thread fails. */
    CompletableFuture<Void> failure() {
        return failure.copy();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (var thread : threads) thread.join(PARTING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // who waits for this attempt no longer does
        }
    }
}
