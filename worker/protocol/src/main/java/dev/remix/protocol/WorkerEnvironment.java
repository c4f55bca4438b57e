package dev.remix.protocol;

/** Environment variables by which whoever starts a worker process tells it what must not be seen in a list of processes. */
public final class WorkerEnvironment {
    /** The registration token, with which claims are authenticated. */
    public static final String TOKEN = "REMIX_WORKER_TOKEN";

    private WorkerEnvironment() {}
}
