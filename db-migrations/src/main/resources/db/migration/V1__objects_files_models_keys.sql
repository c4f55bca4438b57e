-- What is stored: content-addressed objects, and the files, models and keys that people see.
-- Identifiers are compared byte by byte everywhere, so that pages of a list are cut where Java would cut them.

CREATE TABLE objects (
    sha256    text        PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes     bigint      NOT NULL CHECK (bytes >= 0),
    stored_at timestamptz NOT NULL,
    UNIQUE (sha256, bytes)
);

-- A data set: one stored, validated, immutable file of chat examples.
CREATE TABLE files (
    id                    text COLLATE "C" PRIMARY KEY CHECK (id ~ '^file-[0-9a-z]+$'),
    purpose               text        NOT NULL CHECK (purpose IN ('fine-tune', 'evals')),
    filename              text        NOT NULL CHECK (filename <> '' AND length(filename) <= 255),
    sha256                text        NOT NULL,
    bytes                 bigint      NOT NULL CHECK (bytes > 0),
    created_at            timestamptz NOT NULL,
    lines                 bigint      NOT NULL CHECK (lines >= examples),
    examples              bigint      NOT NULL CHECK (examples > 0),
    system_messages       bigint      NOT NULL CHECK (system_messages >= 0),
    user_messages         bigint      NOT NULL CHECK (user_messages >= 0),
    assistant_messages    bigint      NOT NULL CHECK (assistant_messages >= examples),
    characters            bigint      NOT NULL CHECK (characters >= max_characters),
    max_characters        bigint      NOT NULL CHECK (max_characters >= 0),
    max_utf8_bytes        bigint      NOT NULL CHECK (max_utf8_bytes >= max_characters),
    FOREIGN KEY (sha256, bytes) REFERENCES objects (sha256, bytes)
);

CREATE INDEX files_sha256 ON files (sha256);

-- A finetuned model; base models are directories and have no row.
CREATE TABLE models (
    id            text COLLATE "C" PRIMARY KEY CHECK (id ~ '^ft:[^:]+:[^:]*:[0-9a-z]+$'),
    base          text        NOT NULL CHECK (base <> ''),
    base_revision text        NOT NULL CHECK (base_revision ~ '^[0-9a-f]{64}$'),
    job_id        text        NOT NULL UNIQUE,
    created_at    timestamptz NOT NULL
);

CREATE TABLE model_files (
    model_id text   NOT NULL REFERENCES models ON DELETE CASCADE,
    name     text   NOT NULL CHECK (name ~ '^[A-Za-z0-9_][A-Za-z0-9_.-]*$'),
    sha256   text   NOT NULL,
    bytes    bigint NOT NULL,
    PRIMARY KEY (model_id, name),
    FOREIGN KEY (sha256, bytes) REFERENCES objects (sha256, bytes)
);

CREATE INDEX model_files_sha256 ON model_files (sha256);

CREATE TABLE api_keys (
    id           text COLLATE "C" PRIMARY KEY CHECK (id ~ '^key-[0-9a-z]+$'),
    name         text        NOT NULL CHECK (name <> ''),
    secret_hash  text        NOT NULL UNIQUE CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
    created_at   timestamptz NOT NULL,
    revoked_at   timestamptz CHECK (revoked_at >= created_at)
);

-- Every row that needs an object. A migration that adds such a table replaces this view with one that names it too:
-- an object that is in no row of it may be deleted at any time.
CREATE VIEW object_references AS
    SELECT sha256 FROM files
    UNION ALL
    SELECT sha256 FROM model_files;
