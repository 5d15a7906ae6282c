-- What is long settled is kept as saved documents, and what lists show of a document stands beside it: so that an edit,
-- a log and a received change cost what they change, not what came before.

-- `changes` again: `data` may be NULL, and stands last, so that nothing else is read past it.
DROP TRIGGER outbox_filled;
DROP TRIGGER outbox_left;
CREATE TABLE waiting_to_be_sent AS SELECT change, document FROM outbox;
DROP TABLE outbox;
CREATE TABLE kept_changes (
    position    INTEGER PRIMARY KEY,
    document    INTEGER NOT NULL REFERENCES documents (position),
    hash        BLOB NOT NULL,
    deps        BLOB NOT NULL,       -- hashes, one after the other
    actor       BLOB NOT NULL,
    start_op    INTEGER NOT NULL,
    operations  INTEGER NOT NULL,
    size        INTEGER NOT NULL,    -- bytes, as it came
    made_at     INTEGER,             -- when it was made here; NULL: it came from the server
    accepted    INTEGER NOT NULL DEFAULT 0,   -- 1: the server holds it
    seq         INTEGER,             -- its row in the log; NULL until that row has come back
    author      BLOB,
    device      BLOB,
    received_at INTEGER,             -- when the server received it
    set_aside   INTEGER NOT NULL DEFAULT 0,   -- 1: it does not apply
    sealed      INTEGER NOT NULL DEFAULT 0,   -- of a vault's document, 1: it is in a blob
    applied     INTEGER NOT NULL DEFAULT 0,   -- 1: it is part of what its document says here
    data        BLOB,                -- NULL: it is in the saved document
    UNIQUE (document, hash)
);
INSERT INTO kept_changes (position, document, hash, deps, actor, start_op, operations, size, made_at, accepted, seq,
        author, device, received_at, set_aside, sealed, applied, data)
    SELECT position, document, hash, deps, actor, start_op, operations, length(data), made_at, accepted, seq,
        author, device, received_at, set_aside, sealed, NOT set_aside, data FROM changes;
DROP TABLE changes;
ALTER TABLE kept_changes RENAME TO changes;
CREATE INDEX changes_by_seq ON changes (document, seq) WHERE NOT set_aside;
CREATE INDEX changes_with_bytes ON changes (document, accepted) WHERE data IS NOT NULL;
CREATE INDEX changes_to_apply ON changes (document) WHERE NOT applied AND NOT set_aside;
CREATE INDEX changes_set_aside ON changes (document) WHERE set_aside;
CREATE INDEX changes_unconfirmed ON changes (document) WHERE accepted AND seq IS NULL;
CREATE INDEX sealed_unconfirmed ON sealed (document) WHERE accepted AND seq IS NULL;
CREATE INDEX problems_by_document ON problems (stream, document);

-- Changes that the server has not accepted yet, in the order they were made.
CREATE TABLE outbox (
    change   INTEGER PRIMARY KEY REFERENCES changes (position),
    document INTEGER NOT NULL REFERENCES documents (position)
);
INSERT INTO outbox (change, document) SELECT change, document FROM waiting_to_be_sent;
DROP TABLE waiting_to_be_sent;
CREATE INDEX outbox_by_document ON outbox (document);
CREATE TRIGGER outbox_filled AFTER INSERT ON outbox BEGIN
    INSERT INTO outbox_documents (document, oldest, bytes)
        VALUES (NEW.document, NEW.change, (SELECT size FROM changes WHERE position = NEW.change))
        ON CONFLICT (document) DO UPDATE SET oldest = min(oldest, excluded.oldest), bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER outbox_left AFTER DELETE ON outbox BEGIN
    DELETE FROM outbox_documents WHERE document = OLD.document
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE document = OLD.document);
    UPDATE outbox_documents SET
        oldest = (SELECT min(change) FROM outbox WHERE document = OLD.document),
        bytes = bytes - (SELECT size FROM changes WHERE position = OLD.change)
        WHERE document = OLD.document;
END;

-- Documents with the changes that have given up their bytes: all of these the server holds.
CREATE TABLE saved (
    document INTEGER PRIMARY KEY REFERENCES documents (position),
    length   INTEGER NOT NULL,       -- of `data`
    digest   BLOB NOT NULL,          -- SHA-256 of `data`
    heads    BLOB NOT NULL,          -- hashes, one after the other
    data     BLOB NOT NULL
);

-- What lists show of a document, kept with every change. `dirty`, from here on, 2: only changes that came are to be
-- applied; 1: its rows are to be written anew.
ALTER TABLE documents ADD COLUMN arrived_at INTEGER;  -- when the server received the first of its changes
ALTER TABLE documents ADD COLUMN heard_at INTEGER;    -- and the last
ALTER TABLE documents ADD COLUMN first_seq INTEGER;   -- its first row in the log
ALTER TABLE documents ADD COLUMN author BLOB;         -- who that row is from
ALTER TABLE documents ADD COLUMN latest INTEGER;      -- its latest change: what was made here and has not come back, else the last row
CREATE INDEX documents_heard ON documents (stream, heard_at);
UPDATE documents SET
    arrived_at = (SELECT min(received_at) FROM changes c WHERE c.document = documents.position),
    heard_at = (SELECT max(received_at) FROM changes c WHERE c.document = documents.position),
    first_seq = (SELECT min(seq) FROM changes c WHERE c.document = documents.position),
    author = (SELECT author FROM changes c WHERE c.document = documents.position AND seq IS NOT NULL
        ORDER BY seq LIMIT 1),
    latest = (SELECT position FROM changes c WHERE c.document = documents.position AND NOT set_aside
        ORDER BY seq IS NULL DESC, seq DESC, position DESC LIMIT 1);

-- Where a change waits for another, which ones were applied is found by applying them again.
CREATE TABLE lacking AS
    WITH RECURSIVE named (document, hash, rest) AS (
        SELECT document, substr(deps, 1, 32), substr(deps, 33) FROM changes WHERE length(deps) > 0 AND NOT set_aside
        UNION ALL
        SELECT document, substr(rest, 1, 32), substr(rest, 33) FROM named WHERE length(rest) > 0
    )
    SELECT DISTINCT document FROM named n WHERE NOT EXISTS
        (SELECT 1 FROM changes c WHERE c.document = n.document AND c.hash = n.hash AND NOT c.set_aside);
UPDATE changes SET applied = 0 WHERE document IN (SELECT document FROM lacking)
    OR document IN (SELECT position FROM documents WHERE dirty);
UPDATE documents SET dirty = 1 WHERE position IN (SELECT document FROM lacking);
DROP TABLE lacking;

-- Which records of a bucket say that something was withdrawn: where one of them is written over, the whole is read again.
CREATE TABLE withdrawn_records (
    document INTEGER NOT NULL REFERENCES documents (position),
    record   BLOB NOT NULL,
    PRIMARY KEY (document, record)
) WITHOUT ROWID;
UPDATE documents SET dirty = 1 WHERE position IN (SELECT document FROM symptom_withdrawn);
CREATE INDEX symptom_logs_by_change ON symptom_logs (change) WHERE corrects IS NOT NULL OR mark IS NOT NULL;
