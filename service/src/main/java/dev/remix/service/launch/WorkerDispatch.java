package dev.remix.service.launch;

import dev.remix.service.queue.JobQueue;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Keeps the launcher going while the service runs. It comes last when the service starts, and first when it stops: workers
 * that are told to end still find the service to report to.
 */
@Component
class WorkerDispatch implements SmartLifecycle {
    private final Launcher launcher;
    private final JobQueue queue;
    private volatile boolean running;

    WorkerDispatch(Launcher launcher, JobQueue queue) {
        this.launcher = launcher;
        this.queue = queue;
    }

    /** A look at the queue is cheap, and sees what any service wrote, a backoff that has passed, and a worker that died. */
    @Scheduled(fixedDelayString = "${remix.launch.look-every:500ms}")
    void look() {
        if (running) {
            launcher.provide(queue.claimable());
        }
    }

    @Override
    public void start() {
        launcher.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        launcher.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
