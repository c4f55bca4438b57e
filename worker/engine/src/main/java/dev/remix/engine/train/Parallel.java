package dev.remix.engine.train;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** One thread for each device, always the same: engine settings and its thread pools belong to a thread. */
final class Parallel implements AutoCloseable {
    private final List<ExecutorService> threads;

    /** With one device, its work stays on the caller's thread. */
    Parallel(int devices) {
        this.threads = devices == 1
                ? List.of()
                : IntStream.range(0, devices)
                        .mapToObj(i -> Executors.newSingleThreadExecutor(
                                Thread.ofPlatform().name("device-" + i).factory()))
                        .toList();
    }

    /** Results in order; the first failure is thrown when all have ended. */
    <T> List<T> each(int count, IntFunction<T> work) {
        if (threads.isEmpty()) {
            return IntStream.range(0, count).mapToObj(work).toList();
        }
        List<Future<T>> running = IntStream.range(0, count)
                .mapToObj(i -> threads.get(i).submit(() -> work.apply(i)))
                .toList();
        return running.stream().map(Parallel::result).toList();
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while devices computed.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdown);
    }
}
