package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ParallelTest {
    @Test
    void givesResultsInOrderFromThreadsThatStayTheSame() {
        try (Parallel parallel = new Parallel(3)) {
            List<String> once = parallel.each(3, i -> i + Thread.currentThread().getName());
            List<String> again =
                    parallel.each(3, i -> i + Thread.currentThread().getName());
            assertThat(once)
                    .containsExactly("0device-0", "1device-1", "2device-2")
                    .isEqualTo(again);
        }
    }

    @Test
    void worksAtTheSameTime() {
        try (Parallel parallel = new Parallel(2)) {
            CountDownLatch both = new CountDownLatch(2);
            assertThat(parallel.each(2, i -> met(both))).containsExactly(true, true);
        }
    }

    private static boolean met(CountDownLatch latch) {
        latch.countDown();
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void staysOnTheCallersThreadWithOneDevice() {
        try (Parallel parallel = new Parallel(1)) {
            assertThat(parallel.each(1, i -> Thread.currentThread())).containsExactly(Thread.currentThread());
        }
    }

    /** What the others work on would be closed under them. */
    @Test
    void throwsAFailureOnlyWhenAllHaveEnded() {
        try (Parallel parallel = new Parallel(2)) {
            CountDownLatch failing = new CountDownLatch(1);
            AtomicBoolean ended = new AtomicBoolean();
            assertThatThrownBy(() -> parallel.each(2, i -> {
                        if (i == 0) {
                            failing.countDown();
                            throw new IllegalArgumentException("broken");
                        }
                        boolean met = met(failing);
                        ended.set(met);
                        return met;
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("broken");
            assertThat(ended).isTrue();
        }
    }

    @Test
    void throwsAnErrorAsItIs() {
        try (Parallel parallel = new Parallel(2)) {
            assertThatThrownBy(() -> parallel.each(2, i -> {
                        throw new OutOfMemoryError("Java heap space");
                    }))
                    .isInstanceOf(OutOfMemoryError.class);
        }
    }
}
