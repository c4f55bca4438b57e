package dev.remix.systemtest;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what happens in other processes, with a deadline. */
final class Await {
    private static final Duration LOOK = Duration.ofMillis(100);

    private Await() {}

    static void until(String what, Duration atMost, BooleanSupplier condition) {
        value(what, atMost, condition::getAsBoolean, happened -> happened);
    }

    /** The first value that is as wanted. */
    static <T> T value(String what, Duration atMost, Supplier<T> look, Predicate<T> wanted) {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            T seen = look.get();
            if (wanted.test(seen)) return seen;
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + atMost + ": " + what + "; last seen: " + seen);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
