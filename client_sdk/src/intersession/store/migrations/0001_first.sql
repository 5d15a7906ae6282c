-- The store of one replica. Ids are UUIDs as 16 bytes; moments are microseconds since 1970 (UTC).

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL              -- JSON
) WITHOUT ROWID;

-- What this account may read, as the last `welcome` said, and how far this replica has come.
CREATE TABLE streams (
    id       BLOB PRIMARY KEY,
    audience TEXT NOT NULL,
    role     TEXT NOT NULL,
    grant_id BLOB NOT NULL,
    client   BLOB NOT NULL,
    label    TEXT NOT NULL,
    cursor   INTEGER NOT NULL DEFAULT 0,
    chain    BLOB NOT NULL DEFAULT x'',
    backfill INTEGER,                -- creation seq below which documents are still to come; NULL: none
    head     INTEGER NOT NULL DEFAULT 0,
    stopped  TEXT,                   -- why it cannot go on with the server (a code of `error`); NULL: it can
    stopped_message TEXT
) WITHOUT ROWID;

CREATE TABLE documents (
    position   INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice
    id         BLOB NOT NULL UNIQUE,
    stream     BLOB REFERENCES streams (id),  -- NULL: on this device only
    wish       INTEGER,              -- of a document without stream: 1 to be shared, 0 to stay here, NULL undecided
    kind       TEXT NOT NULL,
    bytes      INTEGER NOT NULL DEFAULT 0,    -- of all its changes
    operations INTEGER NOT NULL DEFAULT 0,
    erased     INTEGER NOT NULL DEFAULT 0,
    dirty      INTEGER NOT NULL DEFAULT 0     -- 1: its changes are newer than its projections
);
CREATE INDEX documents_by_stream ON documents (stream);
CREATE INDEX documents_dirty ON documents (position) WHERE dirty;

CREATE TABLE changes (
    position    INTEGER PRIMARY KEY,
    document    INTEGER NOT NULL REFERENCES documents (position),
    hash        BLOB NOT NULL,
    deps        BLOB NOT NULL,       -- hashes, one after the other
    actor       BLOB NOT NULL,
    start_op    INTEGER NOT NULL,
    operations  INTEGER NOT NULL,
    data        BLOB NOT NULL,
    made_at     INTEGER,             -- when it was made here; NULL: it came from the server
    accepted    INTEGER NOT NULL DEFAULT 0,   -- 1: the server holds it
    seq         INTEGER,             -- its row in the log; NULL until that row has come back
    author      BLOB,
    device      BLOB,
    received_at INTEGER,             -- when the server received it
    set_aside   INTEGER NOT NULL DEFAULT 0,   -- 1: it does not apply
    UNIQUE (document, hash)
);

-- Changes that the server has not accepted yet, in the order they were made.
CREATE TABLE outbox (
    change   INTEGER PRIMARY KEY REFERENCES changes (position),
    document INTEGER NOT NULL REFERENCES documents (position)
);
CREATE INDEX outbox_by_document ON outbox (document);

-- The documents of the outbox, kept by the triggers: so that the next ones to send are found, however much waits.
CREATE TABLE outbox_documents (
    document INTEGER PRIMARY KEY REFERENCES documents (position),
    oldest   INTEGER NOT NULL,        -- the first of its changes in the outbox
    bytes    INTEGER NOT NULL         -- of them all
);
CREATE INDEX outbox_documents_by_oldest ON outbox_documents (oldest);
CREATE TRIGGER outbox_filled AFTER INSERT ON outbox BEGIN
    INSERT INTO outbox_documents (document, oldest, bytes)
        VALUES (NEW.document, NEW.change, (SELECT length(data) FROM changes WHERE position = NEW.change))
        ON CONFLICT (document) DO UPDATE SET oldest = min(oldest, excluded.oldest), bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER outbox_left AFTER DELETE ON outbox BEGIN
    DELETE FROM outbox_documents WHERE document = OLD.document
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE document = OLD.document);
    UPDATE outbox_documents SET
        oldest = (SELECT min(change) FROM outbox WHERE document = OLD.document),
        bytes = bytes - (SELECT length(data) FROM changes WHERE position = OLD.change)
        WHERE document = OLD.document;
END;

-- Edits that the server will never take. `changes` holds their bytes until `text` has been read from them.
CREATE TABLE refusals (
    position INTEGER PRIMARY KEY,
    document BLOB NOT NULL,
    stream   BLOB,
    kind     TEXT NOT NULL,
    code     TEXT NOT NULL,
    message  TEXT NOT NULL,
    text     TEXT,
    at       INTEGER NOT NULL,
    changes  BLOB
);

-- Rows from the server that could not be used, by code.
CREATE TABLE problems (
    stream   BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    document BLOB NOT NULL,
    code     TEXT NOT NULL,
    PRIMARY KEY (stream, seq)
) WITHOUT ROWID;

-- A document that was shared as a copy: asking for the old id finds the copy.
CREATE TABLE aliases (
    old BLOB PRIMARY KEY,
    new BLOB NOT NULL
) WITHOUT ROWID;

-- Which document new symptom logs of a month go to.
CREATE TABLE buckets (
    month    TEXT NOT NULL,
    sharing  TEXT NOT NULL,          -- shared, private or undecided
    document INTEGER NOT NULL REFERENCES documents (position),
    PRIMARY KEY (month, sharing)
) WITHOUT ROWID;

-- Projections: what `entries()` and `series()` read, so that they load no document.
CREATE TABLE entries (
    document INTEGER PRIMARY KEY REFERENCES documents (position),
    stream   BLOB,
    written  INTEGER NOT NULL,
    place    INTEGER NOT NULL UNIQUE,  -- its row in entries_text, in the order of `written`
    model    BLOB NOT NULL           -- JSON of the schemas' read model
);
CREATE INDEX entries_by_written ON entries (written);
CREATE INDEX entries_by_stream ON entries (stream, written);

-- The words of entries, cut and folded by `search_words`; `stream` is its id in hex, empty on this device only.
CREATE VIRTUAL TABLE entries_text USING fts5 (stream, body, tokenize = "ascii", prefix = '1 2 3 4');

CREATE TABLE symptom_logs (
    document INTEGER NOT NULL REFERENCES documents (position),
    log      BLOB NOT NULL,
    scope    BLOB NOT NULL,          -- the stream of another client's record; empty: this client's own
    mark     BLOB,                   -- what stands for its key
    corrects BLOB,                   -- the log in whose place it stands
    batch    BLOB,                   -- the import that it came with
    change   INTEGER,                -- the change that wrote it
    model    BLOB NOT NULL,          -- JSON of the schemas' read model
    PRIMARY KEY (document, log)
) WITHOUT ROWID;
CREATE INDEX symptom_logs_by_log ON symptom_logs (log);
CREATE INDEX symptom_logs_by_mark ON symptom_logs (mark) WHERE mark IS NOT NULL;
CREATE INDEX symptom_logs_by_corrects ON symptom_logs (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX symptom_logs_by_batch ON symptom_logs (batch) WHERE batch IS NOT NULL;

-- What was withdrawn, as buckets say: the id of a log, or what stands for a key, of logs that were entered by `until`.
CREATE TABLE symptom_withdrawn (
    document INTEGER NOT NULL REFERENCES documents (position),
    scope    BLOB NOT NULL,
    what     BLOB NOT NULL,
    until    INTEGER NOT NULL,
    PRIMARY KEY (document, what)
) WITHOUT ROWID;
CREATE INDEX symptom_withdrawn_by_what ON symptom_withdrawn (what);

-- The logs that stand, each as it was last corrected.
CREATE TABLE symptoms_standing (
    scope    BLOB NOT NULL,
    log      BLOB NOT NULL,
    stream   BLOB,
    document INTEGER NOT NULL REFERENCES documents (position),  -- which the log as first noted is in
    change   INTEGER,                -- the change that wrote that
    about    INTEGER NOT NULL,
    mark     BLOB,
    model    BLOB NOT NULL,          -- JSON of the schemas' `Standing`
    PRIMARY KEY (scope, log)
) WITHOUT ROWID;
CREATE INDEX symptoms_standing_by_about ON symptoms_standing (about);
CREATE INDEX symptoms_standing_by_stream ON symptoms_standing (stream, about);
CREATE INDEX symptoms_standing_by_mark ON symptoms_standing (mark) WHERE mark IS NOT NULL;
-- Symptoms that were ever logged, by what their spellings have in common.
CREATE TABLE symptom_names (name TEXT PRIMARY KEY) WITHOUT ROWID;

-- How files were read that were imported, by their headers, so that the next one of the kind asks nothing.
CREATE TABLE import_plans (
    shape   TEXT PRIMARY KEY,
    choices TEXT NOT NULL            -- JSON of importing.choices.Choices
) WITHOUT ROWID;

-- Forms that somebody has begun on this device, until they are written; never synced.
CREATE TABLE drafts (
    name    TEXT PRIMARY KEY,
    title   TEXT NOT NULL,
    answers BLOB NOT NULL,           -- JSON: what was typed, word for word
    kept_at INTEGER NOT NULL
) WITHOUT ROWID;

-- What was taken from another store, or from an export, by the id that it had there: so that it is taken once.
CREATE TABLE taken (
    old BLOB PRIMARY KEY,
    new BLOB NOT NULL
) WITHOUT ROWID;
