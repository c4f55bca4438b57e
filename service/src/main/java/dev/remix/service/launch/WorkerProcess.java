package dev.remix.service.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A worker's process with all that it started. It outlives the service that started it, so it is named by its number and its
 * start, which no other process shares.
 */
record WorkerProcess(String name, ProcessHandle handle, Instant started) {

    static WorkerProcess of(String name, ProcessHandle handle) {
        return new WorkerProcess(name, handle, handle.info().startInstant().orElse(Instant.EPOCH));
    }

    /** The process with that number, if it is the one that was started then. */
    static Optional<WorkerProcess> find(String name, long pid, Instant started) {
        return ProcessHandle.of(pid)
                .map(handle -> of(name, handle))
                .filter(process -> process.started().equals(started))
                .filter(WorkerProcess::isAlive);
    }

    boolean isAlive() {
        return handle.isAlive();
    }

    /** Asks all of them to end. */
    void terminate() {
        tree().forEach(ProcessHandle::destroy);
    }

    void kill() {
        tree().forEach(ProcessHandle::destroyForcibly);
    }

    private List<ProcessHandle> tree() {
        return Stream.concat(handle.descendants(), Stream.of(handle)).toList();
    }

    /** @return whether it has ended by then */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        try {
            handle.onExit().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for process " + handle.pid() + " failed", e);
        }
    }
}
