-- What is withdrawn, and what is kept sealed. Ids and moments as in the first migration.

-- Documents that this device withdraws: from the transaction that deleted their content until the server's answer.
CREATE TABLE erasures (
    position   INTEGER PRIMARY KEY AUTOINCREMENT,
    document   BLOB NOT NULL UNIQUE,   -- an id: the document itself may be gone altogether
    stream     BLOB,                   -- NULL: no server ever had it
    kind       TEXT NOT NULL,
    withdrawn  INTEGER NOT NULL,       -- 1: the client took it back; 0: its copy was shared in its place
    copy       INTEGER,                -- the position of the document that takes its place and goes first
    asked_at   INTEGER NOT NULL,
    settled_at INTEGER,                -- NULL: it waits to be sent
    seq        INTEGER,                -- its row in the log
    kept       INTEGER NOT NULL DEFAULT 0,
    refused    INTEGER NOT NULL DEFAULT 0,
    read_at    TEXT NOT NULL DEFAULT '[]'  -- JSON: moments at which the care team may have read it
);
CREATE INDEX erasures_by_copy ON erasures (copy) WHERE copy IS NOT NULL;

-- Symptom logs that were withdrawn here: by the id of a log, or of the import that they came with. `documents`: JSON,
-- the ids of the buckets that are erased for it.
CREATE TABLE log_withdrawals (
    position  INTEGER PRIMARY KEY AUTOINCREMENT,
    id        BLOB NOT NULL UNIQUE,
    asked_at  INTEGER NOT NULL,
    documents TEXT NOT NULL
);

-- Logs that only this device has, of a bucket that another device has erased: to be added to another bucket.
CREATE TABLE rescued_logs (
    document INTEGER NOT NULL REFERENCES documents (position),
    model    BLOB NOT NULL             -- JSON of the schemas' read model
);
CREATE INDEX rescued_logs_by_document ON rescued_logs (document);

CREATE INDEX erasures_waiting ON erasures (position) WHERE settled_at IS NULL;

-- Documents of a vault as they travel: blobs that only the client's devices can open. Of `vault_key` documents,
-- the wrapped keys. What was opened is in `changes` as well.
CREATE TABLE sealed (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    document    INTEGER NOT NULL REFERENCES documents (position),
    hash        BLOB NOT NULL,         -- SHA-256 of `data`
    data        BLOB NOT NULL,         -- sent and sent again exactly so
    state       TEXT NOT NULL,         -- open; closed: it waits for its key; unreadable
    changes     BLOB NOT NULL DEFAULT x'',  -- hashes of the changes in it, once it is open
    replaces    BLOB NOT NULL DEFAULT x'',  -- hashes of the blobs that it takes the place of, until it is accepted
    made_at     INTEGER,               -- when it was made here; NULL: it came from the server
    waiting     INTEGER NOT NULL DEFAULT 0, -- 1: the server has not accepted it yet
    accepted    INTEGER NOT NULL DEFAULT 0,
    seq         INTEGER,
    author      BLOB,
    device      BLOB,
    received_at INTEGER,
    UNIQUE (document, hash)
);
CREATE INDEX sealed_waiting ON sealed (position) WHERE waiting;
CREATE INDEX sealed_unopened ON sealed (state) WHERE state <> 'open';

-- Of a vault's document, 1: the change is in a blob.
ALTER TABLE changes ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX documents_on_this_device ON documents (position) WHERE stream IS NULL;
CREATE INDEX documents_vault_keys ON documents (position) WHERE kind = 'vault_key';
