package dev.remix.service.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Sweeps the store once, before the service takes its first request: at that time nothing is being written. */
@Component
class ObjectSweeper implements SmartLifecycle {
    private final ObjectStore objects;
    private volatile boolean running;

    ObjectSweeper(ObjectStore objects) {
        this.objects = objects;
    }

    @Override
    public void start() {
        try {
            objects.sweep();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
