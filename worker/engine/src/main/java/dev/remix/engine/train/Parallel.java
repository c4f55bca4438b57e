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

    /** Results in order; the first failure is thrown when all have ended, since what they work on is closed then. */
    <T> List<T> each(int count, IntFunction<T> work) {
        if (threads.isEmpty()) {
            return IntStream.range(0, count).mapToObj(work).toList();
        }
        List<Future<T>> running = IntStream.range(0, count)
                .mapToObj(i -> threads.get(i).submit(() -> work.apply(i)))
                .toList();
        awaitAll(running);
        return running.stream().map(Parallel::result).toList();
    }

    /** An interrupt waits too: native work can't be broken off. */
    private static void awaitAll(List<? extends Future<?>> running) {
        boolean interrupted = false;
        for (Future<?> future : running) {
            while (!future.isDone()) {
                try {
                    future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    break; // thrown with the results
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T result(Future<T> future) {
        return switch (future.state()) {
            case SUCCESS -> future.resultNow();
            case FAILED -> throw failure(future.exceptionNow());
            case RUNNING, CANCELLED -> throw new IllegalStateException("A device's work was broken off.");
        };
    }

    private static RuntimeException failure(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            default -> new IllegalStateException(thrown);
        };
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdown);
    }
}
