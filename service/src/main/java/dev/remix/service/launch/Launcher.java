package dev.remix.service.launch;

/** Sees to it that queued jobs find a worker. */
interface Launcher {

    /** Takes up where a service that ended before left off; called once, before any other. */
    void start();

    /**
     * Starts workers for jobs that can be claimed, as many as there is room for, and tidies up after those that are gone.
     * It may be called as often as one likes: a worker that has been started and has not claimed yet is reckoned with.
     */
    void provide(int claimable);

    /** Ends what it started, gently first, and starts nothing any more. Returns when all of it is gone. */
    void stop();
}
