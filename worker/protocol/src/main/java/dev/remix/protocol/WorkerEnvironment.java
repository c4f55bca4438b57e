package dev.remix.protocol;

/** Environment variables by which whoever starts a worker process tells it who it is. */
public final class WorkerEnvironment {
    /** The registration token, with which claims are authenticated. */
    public static final String TOKEN = "REMIX_WORKER_TOKEN";
    /**
     * The name to claim with ({@link Claim.Request#worker}); a worker without one makes its own. A launcher sets it so that
     * it knows which attempt a process that died was busy with.
     */
    public static final String NAME = "REMIX_WORKER_NAME";
    /** The directory of base models, one sub-directory each. */
    public static final String MODELS = "REMIX_MODELS";

    private WorkerEnvironment() {}
}
