package dev.remix.service.launch;

import dev.remix.service.Ids;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts workers as processes of this machine, one per attempt, as many at a time as there are slots. A worker that a killed
 * service left behind keeps its slot: it goes on training, and comes back to its attempt.
 */
final class LocalLauncher implements Launcher {
    private static final Logger log = LoggerFactory.getLogger(LocalLauncher.class);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

    private final LaunchSettings.Local settings;
    private final WorkerCommand command;
    private final WorkerFiles files;
    private final LocalAttempts attempts;
    private final Ids ids;
    private final Clock clock;

    /** Each worker with the moment it was last seen at work, or started. */
    private final Map<WorkerProcess, Instant> workers = new LinkedHashMap<>();

    private boolean stopped;
    private int fruitless;
    private Instant pausedUntil = Instant.MIN;

    LocalLauncher(
            LaunchSettings.Local settings,
            WorkerCommand command,
            WorkerFiles files,
            LocalAttempts attempts,
            Ids ids,
            Clock clock) {
        this.settings = settings;
        this.command = command;
        this.files = files;
        this.attempts = attempts;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public synchronized void start() {
        for (String name : files.remembered()) {
            files.find(name).ifPresentOrElse(this::adopt, () -> bury(name));
        }
    }

    private void adopt(WorkerProcess survivor) {
        log.info(
                "Worker {} is still running, as process {}",
                survivor.name(),
                survivor.handle().pid());
        workers.put(survivor, clock.instant());
    }

    /** An attempt whose process is gone need not wait for its lease to run out. */
    private void bury(String name) {
        attempts.workerDied(name);
        files.forget(name);
    }

    @Override
    public synchronized void provide(int claimable) {
        if (stopped) {
            return;
        }
        buryTheDead();
        Set<String> busy = attempts.busyWorkers();
        endTheIdle(busy);
        long unclaimed = workers.keySet().stream()
                .filter(worker -> !busy.contains(worker.name()))
                .count();
        long wanted = Math.min(settings.slots() - workers.size(), claimable - unclaimed);
        for (long i = 0; i < wanted && !clock.instant().isBefore(pausedUntil); i++) {
            launch();
        }
    }

    private void launch() {
        String name = ids.next("worker");
        try {
            Process process = command.once(name)
                    .redirectErrorStream(true)
                    .redirectOutput(files.log(name).toFile())
                    .start();
            process.getOutputStream().close();
            WorkerProcess worker = WorkerProcess.of(name, process.toHandle());
            files.remember(worker);
            workers.put(worker, clock.instant());
            log.info("Worker {} started as process {}", name, process.pid());
        } catch (IOException e) {
            log.error("No worker could be started", e);
            pause();
        }
    }

    private void buryTheDead() {
        for (WorkerProcess worker : List.copyOf(workers.keySet())) {
            if (!worker.isAlive()) {
                workers.remove(worker);
                noteWhetherItHadWork(worker.name());
                bury(worker.name());
            }
        }
    }

    private void noteWhetherItHadWork(String name) {
        if (attempts.hadAny(name)) {
            fruitless = 0;
        } else {
            log.warn("Worker {} ended without a job; its output is in {}", name, files.log(name));
            pause();
        }
    }

    /** Whatever keeps workers from claiming will keep the next one from it too: wait longer each time. */
    private void pause() {
        Duration doubled = Duration.ofMillis(500).multipliedBy(1L << Math.min(fruitless, 10));
        fruitless++;
        pausedUntil = clock.instant().plus(doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE);
    }

    /** A worker whose attempt was taken away ends by itself, unless it hangs. */
    private void endTheIdle(Set<String> busy) {
        Instant now = clock.instant();
        workers.replaceAll((worker, lastBusy) -> busy.contains(worker.name()) ? now : lastBusy);
        workers.forEach((worker, lastBusy) -> {
            if (lastBusy.plus(settings.idle()).isBefore(now)) {
                log.warn("Worker {} has had no attempt for {} and is killed", worker.name(), settings.idle());
                worker.kill();
            }
        });
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        List<WorkerProcess> running = new ArrayList<>(workers.keySet());
        running.forEach(WorkerProcess::terminate);
        Instant deadline = clock.instant().plus(settings.grace());
        for (WorkerProcess worker : running) {
            end(worker, Duration.between(clock.instant(), deadline));
        }
        workers.clear();
    }

    private void end(WorkerProcess worker, Duration grace) {
        try {
            if (!worker.awaitEnd(grace.isNegative() ? Duration.ZERO : grace)) {
                log.warn("Worker {} did not end within {} and is killed", worker.name(), settings.grace());
                worker.kill();
                worker.awaitEnd(MAX_PAUSE);
            }
        } catch (InterruptedException e) {
            worker.kill();
            Thread.currentThread().interrupt();
        }
        attempts.workerStopped(worker.name());
        files.forget(worker.name());
    }
}
