-- Jobs, the attempts at them, and what an attempt leaves behind.

CREATE TABLE jobs (
    id                       text        PRIMARY KEY CHECK (id ~ '^ftjob-[0-9a-z]+$'),
    -- Counts the changes of state: each is one statement on (id, version).
    version                  bigint      NOT NULL,
    project_id               text        NOT NULL CHECK (project_id <> ''),
    state                    text        NOT NULL,
    -- What a running job has been asked for and its worker has not done yet.
    requested                text        CHECK (requested IN ('pause', 'cancel')),
    -- Number of the last attempt. A worker's write names its own, and is refused when it is not this one.
    attempt                  integer     NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    -- Attempts that count against max_attempts: those that failed, not those that were stopped on purpose.
    failed_attempts          integer     NOT NULL DEFAULT 0,
    max_attempts             integer     NOT NULL CHECK (max_attempts BETWEEN 1 AND 100),
    priority                 integer     NOT NULL DEFAULT 0,
    -- Device memory without which no worker may claim it.
    memory_bytes             bigint      NOT NULL CHECK (memory_bytes >= 0),
    spec                     jsonb       NOT NULL CHECK (jsonb_typeof(spec) = 'object'),
    learning_rate_multiplier double precision NOT NULL CHECK (learning_rate_multiplier > 0),
    planned_steps            integer     NOT NULL CHECK (planned_steps >= 1),
    suffix                   text        CHECK (suffix <> ''),
    metadata                 jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    created_at               timestamptz NOT NULL,
    -- When it last became claimable; a retry waits for its backoff.
    queued_at                timestamptz,
    not_before               timestamptz,
    started_at               timestamptz,
    finished_at              timestamptz,
    result                   jsonb,
    fine_tuned_model         text,
    failure_kind             text        CHECK (failure_kind IN ('invalid_data', 'invalid_spec', 'model_not_found',
                                         'diverged', 'out_of_memory', 'worker_lost', 'interrupted', 'storage', 'internal')),
    failure_detail           text,
    failure_hint             text,
    -- Number of its last event; taking the next one holds the row, so events are numbered in the order of their commits.
    last_event               bigint      NOT NULL DEFAULT 0,
    running                  boolean     GENERATED ALWAYS AS (CASE WHEN state = 'running' THEN true END) STORED,

    CONSTRAINT jobs_state CHECK (state IN
        ('validating', 'queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT jobs_only_a_running_one_is_asked CHECK (requested IS NULL OR state = 'running'),
    CONSTRAINT jobs_attempts_within_the_maximum CHECK (failed_attempts BETWEEN 0 AND LEAST(attempt, max_attempts)),
    CONSTRAINT jobs_queued_has_queued_at CHECK (state <> 'queued' OR queued_at IS NOT NULL),
    CONSTRAINT jobs_only_a_queued_one_waits CHECK (not_before IS NULL OR state = 'queued'),
    CONSTRAINT jobs_running_has_an_attempt CHECK (state <> 'running' OR (attempt >= 1 AND started_at IS NOT NULL)),
    CONSTRAINT jobs_final_has_finished_at
        CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT jobs_success_has_a_result CHECK ((state = 'succeeded') = (result IS NOT NULL)),
    CONSTRAINT jobs_success_has_a_model CHECK ((state = 'succeeded') = (fine_tuned_model IS NOT NULL)),
    CONSTRAINT jobs_failure_has_a_kind CHECK ((state = 'failed') = (failure_kind IS NOT NULL)),
    CONSTRAINT jobs_failure_has_a_detail CHECK ((failure_kind IS NULL) = (failure_detail IS NULL)),
    UNIQUE (id, state)
);

CREATE INDEX jobs_claimable ON jobs (priority DESC, created_at, id) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (project_id) WHERE state = 'running';

-- One worker's try at a job, and the lease by which it holds it.
CREATE TABLE attempts (
    job_id           text        NOT NULL REFERENCES jobs,
    number           integer     NOT NULL CHECK (number >= 1),
    worker           text        NOT NULL CHECK (worker <> ''),
    device           text        NOT NULL CHECK (device IN ('cpu', 'cuda')),
    token_hash       text        NOT NULL CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    started_at       timestamptz NOT NULL,
    heartbeat_at     timestamptz NOT NULL,
    lease_expires_at timestamptz,
    phase            text        NOT NULL DEFAULT 'preparing'
                                 CHECK (phase IN ('preparing', 'evaluating', 'training', 'uploading')),
    -- Step of the checkpoint it went on from, and the last step it has reported.
    resumed_from     integer     NOT NULL DEFAULT 0 CHECK (resumed_from >= 0),
    step             integer     NOT NULL DEFAULT 0,
    total_steps      integer,
    last_seq         bigint      NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
    ended_at         timestamptz,
    outcome          text        CHECK (outcome IN ('succeeded', 'failed', 'cancelled', 'stopped')),
    failure_kind     text,
    failure_detail   text,
    live             boolean     GENERATED ALWAYS AS (ended_at IS NULL) STORED,
    live_state       text        GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN 'running' END) STORED,

    PRIMARY KEY (job_id, number),
    UNIQUE (job_id, number, live),
    CONSTRAINT attempts_live_has_a_lease CHECK ((ended_at IS NULL) = (lease_expires_at IS NOT NULL)),
    CONSTRAINT attempts_ended_has_an_outcome CHECK ((ended_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT attempts_failure_has_a_kind
        CHECK ((outcome IS NOT DISTINCT FROM 'failed') = (failure_kind IS NOT NULL))
);

CREATE UNIQUE INDEX attempts_one_live ON attempts (job_id) WHERE ended_at IS NULL;
CREATE INDEX attempts_leases ON attempts (lease_expires_at) WHERE ended_at IS NULL;

-- A running job has a live attempt, which has a lease; and a live attempt has a running job.
ALTER TABLE jobs ADD CONSTRAINT jobs_running_has_a_lease
    FOREIGN KEY (id, attempt, running) REFERENCES attempts (job_id, number, live) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE attempts ADD CONSTRAINT attempts_live_has_a_running_job
    FOREIGN KEY (job_id, live_state) REFERENCES jobs (id, state) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE job_events (
    job_id  text        NOT NULL REFERENCES jobs,
    number  bigint      NOT NULL CHECK (number >= 1),
    at      timestamptz NOT NULL,
    level   text        NOT NULL CHECK (level IN ('info', 'warn', 'error')),
    type    text        NOT NULL CHECK (type IN ('message', 'metrics')),
    message text        NOT NULL CHECK (message <> ''),
    data    jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(data) = 'object'),
    PRIMARY KEY (job_id, number)
);

-- One row a step: an attempt that does a step again replaces the row of the attempt before it.
CREATE TABLE job_steps (
    job_id                text             NOT NULL,
    step                  integer          NOT NULL CHECK (step >= 1),
    attempt               integer          NOT NULL,
    at                    timestamptz      NOT NULL,
    total_steps           integer          NOT NULL,
    epoch                 double precision NOT NULL,
    loss                  double precision NOT NULL,
    learning_rate         double precision NOT NULL,
    adapter_gradient_norm double precision NOT NULL,
    router_gradient_norm  double precision,
    tokens                integer          NOT NULL CHECK (tokens >= 0),
    seconds               double precision NOT NULL CHECK (seconds >= 0),
    draws_loss_mean       double precision,
    draws_loss_stddev     double precision,
    advantage_stddev      double precision,
    PRIMARY KEY (job_id, step),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number),
    CONSTRAINT job_steps_within_the_run CHECK (step <= total_steps)
);

CREATE TABLE job_step_sites (
    job_id                      text               NOT NULL,
    step                        integer            NOT NULL,
    position                    integer            NOT NULL,
    site                        text               NOT NULL,
    applied_effective_loras_min double precision   NOT NULL,
    applied_effective_loras_max double precision   NOT NULL,
    policy_effective_loras      double precision   NOT NULL,
    policy_entropy              double precision   NOT NULL,
    load                        double precision[] NOT NULL,
    distinct_subsets            integer            NOT NULL,
    subset_perplexity           double precision   NOT NULL,
    top_k_mass                  double precision   NOT NULL,
    PRIMARY KEY (job_id, step, position),
    UNIQUE (job_id, step, site),
    FOREIGN KEY (job_id, step) REFERENCES job_steps ON DELETE CASCADE
);

CREATE TABLE job_evaluations (
    job_id      text             NOT NULL,
    step        integer          NOT NULL CHECK (step >= 0),
    split       text             NOT NULL CHECK (split IN ('validation', 'test')),
    attempt     integer          NOT NULL,
    at          timestamptz      NOT NULL,
    loss        double precision NOT NULL,
    exact_match double precision CHECK (exact_match BETWEEN 0 AND 1),
    examples    integer          NOT NULL CHECK (examples >= 0),
    PRIMARY KEY (job_id, split, step),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number)
);

CREATE TABLE job_logs (
    job_id  text        NOT NULL,
    attempt integer     NOT NULL,
    seq     bigint      NOT NULL CHECK (seq >= 1),
    at      timestamptz NOT NULL,
    level   text        NOT NULL,
    text    text        NOT NULL,
    PRIMARY KEY (job_id, attempt, seq),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number)
);

CREATE TABLE checkpoints (
    id         text        PRIMARY KEY CHECK (id ~ '^ftckpt-[0-9a-z]+$'),
    job_id     text        NOT NULL,
    attempt    integer     NOT NULL,
    step       integer     NOT NULL CHECK (step >= 1),
    sha256     text        NOT NULL,
    bytes      bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (job_id, step),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number),
    FOREIGN KEY (sha256, bytes) REFERENCES objects (sha256, bytes)
);

CREATE INDEX checkpoints_sha256 ON checkpoints (sha256);

-- The adapter's files as an attempt uploads them; success makes them a model's.
CREATE TABLE adapter_files (
    job_id  text    NOT NULL,
    attempt integer NOT NULL,
    name    text    NOT NULL CHECK (name ~ '^[A-Za-z0-9_][A-Za-z0-9_.-]*$'),
    sha256  text    NOT NULL,
    bytes   bigint  NOT NULL,
    PRIMARY KEY (job_id, attempt, name),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number),
    FOREIGN KEY (sha256, bytes) REFERENCES objects (sha256, bytes)
);

CREATE INDEX adapter_files_sha256 ON adapter_files (sha256);

CREATE OR REPLACE VIEW object_references AS
    SELECT sha256 FROM files
    UNION ALL
    SELECT sha256 FROM model_files
    UNION ALL
    SELECT sha256 FROM checkpoints
    UNION ALL
    SELECT sha256 FROM adapter_files;
