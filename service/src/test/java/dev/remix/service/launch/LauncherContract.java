package dev.remix.service.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What every launcher keeps to. */
interface LauncherContract {
    Launcher launcher();

    /** Workers that run at most at a time. */
    int slots();

    /** Workers that it has started until now and that run. */
    int running();

    @Test
    default void startsNothingForAnEmptyQueue() {
        launcher().start();
        launcher().provide(0);
        assertThat(running()).isZero();
    }

    @Test
    default void startsNoMoreWorkersThanItHasSlots() {
        launcher().start();
        launcher().provide(10);
        assertThat(running()).isEqualTo(slots());
        launcher().provide(10);
        assertThat(running()).isEqualTo(slots());
    }

    @Test
    default void startsNoMoreWorkersThanThereAreJobs() {
        launcher().start();
        launcher().provide(1);
        launcher().provide(1);
        assertThat(running()).isEqualTo(Math.min(1, slots()));
    }

    @Test
    default void leavesNothingBehindAndStartsNothingOnceItIsStopped() {
        launcher().start();
        launcher().provide(10);
        launcher().stop();
        assertThat(running()).isZero();
        launcher().provide(10);
        assertThat(running()).isZero();
    }
}
