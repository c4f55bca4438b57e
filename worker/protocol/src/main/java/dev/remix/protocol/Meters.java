package dev.remix.protocol;

/**
 * Names and tags of the meters, in Micrometer's notation; Prometheus writes the dots as underscores and appends
 * {@code _total} to a counter and {@code _seconds} to a timer.
 *
 * <p>What carries the tag {@link #JOB} exists for running jobs only and is removed when they end. Nothing is tagged per
 * LoRA: the full matrices are in the API, so that the number of series stays bounded.
 */
public final class Meters {
    /** Gauge: jobs by {@link #STATE}. */
    public static final String JOBS = "remix.jobs";
    /** Timer: from being queued (again) to being claimed. */
    public static final String JOB_QUEUE_WAIT = "remix.job.queue.wait";
    /** Timer: from the first claim to the final state, by {@link #OUTCOME}. */
    public static final String JOB_DURATION = "remix.job.duration";
    /** Counter: failed jobs by {@link #CLASS} (who has to act) and {@link #CODE} (failure kind). */
    public static final String JOB_FAILURES = "remix.job.failures";
    /** Counter: ended attempts by {@link #REASON}: an outcome, or a failure kind. */
    public static final String ATTEMPTS = "remix.attempts";
    /** Counter: attempts ended because their lease ran out. */
    public static final String LEASE_EXPIRATIONS = "remix.lease.expirations";
    /** Counter: writes refused because they came from an attempt that had ended. */
    public static final String FENCED_WRITES = "remix.fenced.writes";
    /** Gauge, seconds: time since the last heartbeat, by {@link #WORKER}. */
    public static final String WORKER_HEARTBEAT_AGE = "remix.worker.heartbeat.age.seconds";

    /** Counter: tokens trained on, padding left out, each counted once and not once a draw. */
    public static final String TRAINING_TOKENS = "remix.training.tokens";
    /** Timer: one optimizer step. */
    public static final String TRAINING_STEP = "remix.training.step";
    /** Counter: records stored, repeats left out. */
    public static final String RECORDS_INGESTED = "remix.records.ingested";

    /** Gauge: last loss, nats a token, by {@link #JOB} and {@link #SPLIT} ({@code train}, {@code validation}, {@code test}). */
    public static final String TRAINING_LOSS = "remix.training.loss";
    /** Gauge by {@link #JOB}. */
    public static final String TRAINING_TOKENS_PER_SECOND = "remix.training.tokens.per.second";
    /** Gauge by {@link #JOB}: standard deviation of the advantages. */
    public static final String ROUTER_ADVANTAGE_STDDEV = "remix.router.advantage.stddev";
    /** Gauge by {@link #JOB} and {@link #SITE}: effective LoRAs of the applied weights. */
    public static final String ROUTING_EFFECTIVE_LORAS = "remix.routing.effective.loras";
    /** Gauge by {@link #JOB} and {@link #SITE}: effective LoRAs of the policy. */
    public static final String ROUTING_POLICY_EFFECTIVE_LORAS = "remix.routing.policy.effective.loras";
    /** Gauge by {@link #JOB} and {@link #SITE}: largest over mean load. */
    public static final String ROUTING_MAX_LOAD_RATIO = "remix.routing.max.load.ratio";
    /** Gauge by {@link #JOB} and {@link #SITE}: LoRAs that no selection of the step went to. */
    public static final String ROUTING_DEAD_LORAS = "remix.routing.dead.loras";
    /** Gauge by {@link #JOB} and {@link #SITE}: different subsets selected in the step. */
    public static final String ROUTING_DISTINCT_SUBSETS = "remix.routing.distinct.subsets";
    /** Gauge by {@link #JOB} and {@link #SITE}: probability of the policy's top-K set. */
    public static final String ROUTING_TOP_MASS = "remix.routing.top.mass";

    public static final String CLASS = "class";
    public static final String CODE = "code";
    public static final String JOB = "job";
    public static final String OUTCOME = "outcome";
    public static final String REASON = "reason";
    public static final String SITE = "site";
    public static final String SPLIT = "split";
    public static final String STATE = "state";
    public static final String WORKER = "worker";

    private Meters() {}
}
