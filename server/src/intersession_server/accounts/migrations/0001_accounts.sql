-- Practices, people, devices, pairing codes, assignments, sign-in sessions, audit.
-- Only types that SQLite and PostgreSQL both take. Times are UTC. Secrets are kept as SHA-256, in hex.

CREATE TABLE practice (
    id UUID PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    library_stream UUID NOT NULL UNIQUE,
    provisioned_at TIMESTAMPTZ                      -- when its stream was there
);

CREATE TABLE person (
    id UUID PRIMARY KEY NOT NULL,
    practice UUID NOT NULL REFERENCES practice (id),
    role TEXT NOT NULL CHECK (role IN ('client', 'therapist')),
    name TEXT NOT NULL,
    username TEXT UNIQUE,                           -- therapists only, in lower case
    password TEXT,                                  -- argon2id; therapists only
    record_stream UUID UNIQUE,                      -- clients only, as the next four
    vault_stream UUID UNIQUE,
    chart_stream UUID UNIQUE,
    record_grant UUID UNIQUE,
    vault_grant UUID UNIQUE,
    library_grant UUID UNIQUE,                      -- therapists only
    created_at TIMESTAMPTZ NOT NULL,
    provisioned_at TIMESTAMPTZ,                     -- when streams and grants were there
    CHECK ((role = 'therapist') = (username IS NOT NULL)),
    CHECK ((role = 'client') = (record_stream IS NOT NULL))
);

CREATE INDEX person_by_practice ON person (practice, role, name);

CREATE TABLE device (
    id UUID PRIMARY KEY NOT NULL,
    person UUID NOT NULL REFERENCES person (id),
    agent TEXT NOT NULL,
    token_prefix TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    paired_at TIMESTAMPTZ NOT NULL,
    last_heard_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);

CREATE INDEX device_by_prefix ON device (token_prefix);
CREATE INDEX device_by_person ON device (person, paired_at);

CREATE TABLE invitation (
    id UUID PRIMARY KEY NOT NULL,
    person UUID NOT NULL REFERENCES person (id),
    locator TEXT NOT NULL,
    salt TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    tries_left INTEGER NOT NULL,
    used_at TIMESTAMPTZ,
    device UUID REFERENCES device (id)
);

CREATE INDEX invitation_by_locator ON invitation (locator, created_at);
CREATE INDEX invitation_by_person ON invitation (person, created_at);

CREATE TABLE assignment (
    id UUID PRIMARY KEY NOT NULL,
    client UUID NOT NULL REFERENCES person (id),
    therapist UUID NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('primary', 'covering', 'supervisor')),
    record_grant UUID NOT NULL UNIQUE,
    chart_grant UUID NOT NULL UNIQUE,
    since TIMESTAMPTZ NOT NULL,
    provisioned_at TIMESTAMPTZ,                     -- when both grants were there
    until TIMESTAMPTZ
);

CREATE UNIQUE INDEX assignment_current ON assignment (client, therapist) WHERE until IS NULL;
CREATE INDEX assignment_by_therapist ON assignment (therapist, until);

CREATE TABLE web_session (
    id UUID PRIMARY KEY NOT NULL,
    person UUID NOT NULL REFERENCES person (id),
    token_hash TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ NOT NULL,
    browser_hash TEXT NOT NULL DEFAULT '',          -- of what the browser keeps, to be known again
    origin_hash TEXT NOT NULL DEFAULT '',           -- of the address it came from, with the person
    ended_at TIMESTAMPTZ
);

CREATE INDEX web_session_by_person ON web_session (person, ended_at);

CREATE TABLE audit (
    id UUID PRIMARY KEY NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    action TEXT NOT NULL,                           -- an Action of audit.py
    person UUID,                                    -- who; none: an operator, or nobody known
    device UUID,
    web_session UUID,
    operator TEXT,                                  -- who ran the operator's command
    client UUID,                                    -- whose data
    stream UUID,
    document UUID,
    subject UUID,                                   -- what else: a device revoked, a person added …
    after_row INTEGER,                              -- which rows of the stream: those after this one …
    through_row INTEGER                             -- … up to and with this one
);

CREATE INDEX audit_by_client ON audit (client, at);
CREATE INDEX audit_by_person ON audit (person, at);
CREATE INDEX audit_by_time ON audit (at);
