package dev.remix.agent.lease;

import dev.remix.protocol.Heartbeat;

/** Where the run stands, written by the run's thread and told by each heartbeat. */
public final class Progress {
    private volatile Heartbeat.Beat beat = new Heartbeat.Beat(Heartbeat.Phase.PREPARING, 0);

    /** Only the run's own thread may call this and {@link #reached}. */
    public void enter(Heartbeat.Phase phase) {
        beat = new Heartbeat.Beat(phase, beat.step());
    }

    public void reached(int step) {
        beat = new Heartbeat.Beat(beat.phase(), step);
    }

    public Heartbeat.Beat beat() {
        return beat;
    }
}
