-- The log, and what an append is checked against. UUIDs are 16 bytes, instants are microseconds since 1970.

-- `head` is the last row, `chain` the chain there; readers are given rows up to `applied`.
-- `documents` and `bytes` (as stored) are what readers may be given in all, `held` is what counts against its quota.
CREATE TABLE streams (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    audience TEXT NOT NULL CHECK (audience IN ('record', 'vault', 'chart', 'library')),
    practice BLOB NOT NULL CHECK (length(practice) = 16),
    client BLOB CHECK (length(client) = 16),
    created_at INTEGER NOT NULL,
    head INTEGER NOT NULL DEFAULT 0,
    applied INTEGER NOT NULL DEFAULT 0 CHECK (applied <= head),
    chain BLOB NOT NULL CHECK (length(chain) = 32),
    documents INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX streams_of_client ON streams (client);
CREATE INDEX streams_behind ON streams (id) WHERE applied < head;

-- What all streams of a practice hold.
CREATE TABLE practices (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    held INTEGER NOT NULL
) WITHOUT ROWID;

-- A grant is never deleted: the end of one is told to replicas by its id.
CREATE TABLE grants (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    stream BLOB NOT NULL REFERENCES streams (id),
    account BLOB NOT NULL CHECK (length(account) = 16),
    role TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX grants_active ON grants (stream, account) WHERE until IS NULL;
CREATE INDEX grants_of_account ON grants (account, stream);
CREATE INDEX grants_of_stream ON grants (stream);

CREATE TABLE revoked_devices (
    device BLOB PRIMARY KEY CHECK (length(device) = 16),
    at INTEGER NOT NULL
) WITHOUT ROWID;

-- A document stays in its stream and keeps its kind. `created` is its first row; `erased` makes it a tombstone.
-- `author` is the account of that row: of most kinds nobody else may write the document.
-- `operations` and `size` (bytes inflated) count every change that was taken, quarantined ones too: they bound what a
-- writer can cost. `held` is what its content counts against quotas.
CREATE TABLE documents (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    stream BLOB NOT NULL REFERENCES streams (id),
    kind TEXT NOT NULL,
    author BLOB NOT NULL CHECK (length(author) = 16),
    created INTEGER NOT NULL,
    operations INTEGER NOT NULL,
    size INTEGER NOT NULL,
    held INTEGER NOT NULL DEFAULT 0,
    erased INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX documents_by_creation ON documents (stream, created);

-- What each account has brought to a document that several may write: nobody may fill it up for the others.
CREATE TABLE shares (
    document BLOB NOT NULL REFERENCES documents (id),
    account BLOB NOT NULL CHECK (length(account) = 16),
    operations INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (document, account)
) WITHOUT ROWID;

-- Row by row, what happened. `change` may be dropped; nothing else of a row ever is.
-- `actor`, `actor_seq` and `last_op` (the number of its last operation) are null where the bytes are opaque.
CREATE TABLE rows (
    stream BLOB NOT NULL REFERENCES streams (id),
    seq INTEGER NOT NULL,
    document BLOB NOT NULL REFERENCES documents (id),
    type TEXT NOT NULL CHECK (type IN ('change', 'erasure', 'quarantine')),
    hash BLOB NOT NULL,
    author BLOB NOT NULL,
    device BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    actor BLOB,
    actor_seq INTEGER,
    last_op INTEGER,
    attempts INTEGER NOT NULL,
    chain BLOB NOT NULL CHECK (length(chain) = 32),
    change BLOB
);
CREATE UNIQUE INDEX rows_in_order ON rows (stream, seq);
CREATE UNIQUE INDEX rows_by_hash ON rows (document, hash);
CREATE UNIQUE INDEX rows_by_actor ON rows (document, actor, actor_seq);
CREATE INDEX rows_set_aside ON rows (document) WHERE type = 'quarantine';

-- An actor belongs to the account that used it first.
CREATE TABLE actors (
    actor BLOB PRIMARY KEY,
    account BLOB NOT NULL CHECK (length(account) = 16)
) WITHOUT ROWID;
