-- Read models, made from the log and from nothing else: the file may be deleted, or built anew (`rebuild`).
-- BIGINT columns that name a moment are microseconds since 1970; a local time is ISO 8601 text with its offset.
-- Lists and maps are JSON text. `seq` is the row of the log that brought it.

CREATE TABLE entries (
    document UUID PRIMARY KEY NOT NULL,
    stream UUID NOT NULL,
    client UUID NOT NULL,
    author UUID NOT NULL,
    seq BIGINT NOT NULL,
    moment BIGINT NOT NULL,                  -- what it is sorted by: when it was written
    local_at TEXT NOT NULL,                  -- the same as the writer's clock showed it
    written_at TEXT,
    entered_at TEXT,
    zone TEXT,
    arrived_at BIGINT NOT NULL,              -- when the document's first change was received
    changed_by UUID NOT NULL,                -- who wrote its latest change
    changed_at BIGINT NOT NULL,              -- when that was received
    late BOOLEAN NOT NULL,
    mood INTEGER,
    tags TEXT NOT NULL,
    text TEXT NOT NULL,
    sections TEXT NOT NULL,
    problems TEXT NOT NULL,
    corrected_at TEXT,                       -- when its time was last corrected
    earlier TEXT NOT NULL                    -- what it was before, as a JSON list, newest first
);

CREATE INDEX entries_by_client ON entries (client, moment, document);

-- Symptom logs as buckets hold them, corrections among them, and what was withdrawn; `symptom_logs` has what stands.
CREATE TABLE symptom_records (
    id UUID PRIMARY KEY NOT NULL,            -- of the log in its document: two documents may hold a log of one id
    document UUID NOT NULL,
    log UUID NOT NULL,
    stream UUID NOT NULL,
    client UUID NOT NULL,
    author UUID NOT NULL,
    seq BIGINT NOT NULL,
    arrived_at BIGINT NOT NULL,              -- when the change that holds it was received
    mark TEXT,                               -- what stands for its key
    corrects UUID,                           -- the log in whose place it stands
    model TEXT NOT NULL
);
CREATE INDEX symptom_records_by_document ON symptom_records (document);
CREATE INDEX symptom_records_by_log ON symptom_records (client, log);
CREATE INDEX symptom_records_by_mark ON symptom_records (client, mark);
CREATE INDEX symptom_records_by_corrects ON symptom_records (client, corrects);

CREATE TABLE symptom_withdrawn (
    id UUID PRIMARY KEY NOT NULL,
    document UUID NOT NULL,
    client UUID NOT NULL,
    what TEXT NOT NULL,                      -- the id of a log, or what stands for a key
    until BIGINT NOT NULL                    -- of logs that were entered by then
);
CREATE INDEX symptom_withdrawn_by_document ON symptom_withdrawn (document);
CREATE INDEX symptom_withdrawn_by_what ON symptom_withdrawn (client, what);

CREATE TABLE symptom_logs (
    id UUID PRIMARY KEY NOT NULL,            -- of the log and its client
    document UUID NOT NULL,
    log UUID NOT NULL,
    stream UUID NOT NULL,
    client UUID NOT NULL,
    author UUID NOT NULL,
    seq BIGINT NOT NULL,
    moment BIGINT NOT NULL,
    logged_at TEXT NOT NULL,                 -- what it is about
    entered_at TEXT NOT NULL,
    zone TEXT,
    arrived_at BIGINT NOT NULL,              -- when the change that holds it was received
    late BOOLEAN NOT NULL,
    "values" TEXT NOT NULL,
    keys TEXT NOT NULL,                      -- what the spellings of its symptoms have in common, as a JSON list
    scale TEXT,
    note TEXT NOT NULL,
    corrected_at TEXT,                       -- when the last correction was entered
    earlier TEXT NOT NULL                    -- what it said before, as a JSON list, oldest first
);

CREATE INDEX symptom_logs_by_client ON symptom_logs (client, moment, id);
CREATE INDEX symptom_logs_by_document ON symptom_logs (document);

-- What arrived and has no row above, or not all of it: said, never hidden.
CREATE TABLE problems (
    document UUID PRIMARY KEY NOT NULL,
    stream UUID NOT NULL,
    client UUID NOT NULL,
    kind TEXT NOT NULL,
    arrived_at BIGINT NOT NULL,
    problems TEXT NOT NULL
);

CREATE INDEX problems_by_client ON problems (client);

-- How far each stream's rows are in the tables above; written in the same transaction as they.
CREATE TABLE projected (
    stream UUID PRIMARY KEY NOT NULL,
    client UUID NOT NULL,
    through BIGINT NOT NULL
);

-- Where a rebuild works, out of sight. When it is done the two sets of tables change their names, in one transaction;
-- indexes keep theirs, so a name says nothing about which set an index is on. Later migrations alter both sets.

CREATE TABLE rebuilt_entries (
    document UUID PRIMARY KEY NOT NULL, stream UUID NOT NULL, client UUID NOT NULL, author UUID NOT NULL,
    seq BIGINT NOT NULL, moment BIGINT NOT NULL, local_at TEXT NOT NULL, written_at TEXT, entered_at TEXT, zone TEXT,
    arrived_at BIGINT NOT NULL, changed_by UUID NOT NULL, changed_at BIGINT NOT NULL, late BOOLEAN NOT NULL, mood INTEGER, tags TEXT NOT NULL,
    text TEXT NOT NULL, sections TEXT NOT NULL, problems TEXT NOT NULL, corrected_at TEXT, earlier TEXT NOT NULL
);
CREATE INDEX rebuilt_entries_by_client ON rebuilt_entries (client, moment, document);

CREATE TABLE rebuilt_symptom_logs (
    id UUID PRIMARY KEY NOT NULL, document UUID NOT NULL, log UUID NOT NULL, stream UUID NOT NULL,
    client UUID NOT NULL, author UUID NOT NULL, seq BIGINT NOT NULL, moment BIGINT NOT NULL,
    logged_at TEXT NOT NULL, entered_at TEXT NOT NULL, zone TEXT, arrived_at BIGINT NOT NULL, late BOOLEAN NOT NULL,
    "values" TEXT NOT NULL, keys TEXT NOT NULL, scale TEXT, note TEXT NOT NULL, corrected_at TEXT, earlier TEXT NOT NULL
);
CREATE INDEX rebuilt_symptom_logs_by_client ON rebuilt_symptom_logs (client, moment, id);
CREATE INDEX rebuilt_symptom_logs_by_document ON rebuilt_symptom_logs (document);

CREATE TABLE rebuilt_symptom_records (
    id UUID PRIMARY KEY NOT NULL, document UUID NOT NULL, log UUID NOT NULL, stream UUID NOT NULL, client UUID NOT NULL,
    author UUID NOT NULL, seq BIGINT NOT NULL, arrived_at BIGINT NOT NULL, mark TEXT, corrects UUID, model TEXT NOT NULL
);
CREATE INDEX rebuilt_symptom_records_by_document ON rebuilt_symptom_records (document);
CREATE INDEX rebuilt_symptom_records_by_log ON rebuilt_symptom_records (client, log);
CREATE INDEX rebuilt_symptom_records_by_mark ON rebuilt_symptom_records (client, mark);
CREATE INDEX rebuilt_symptom_records_by_corrects ON rebuilt_symptom_records (client, corrects);
CREATE TABLE rebuilt_symptom_withdrawn (
    id UUID PRIMARY KEY NOT NULL, document UUID NOT NULL, client UUID NOT NULL, what TEXT NOT NULL, until BIGINT NOT NULL
);
CREATE INDEX rebuilt_symptom_withdrawn_by_document ON rebuilt_symptom_withdrawn (document);
CREATE INDEX rebuilt_symptom_withdrawn_by_what ON rebuilt_symptom_withdrawn (client, what);

CREATE TABLE rebuilt_problems (
    document UUID PRIMARY KEY NOT NULL, stream UUID NOT NULL, client UUID NOT NULL, kind TEXT NOT NULL,
    arrived_at BIGINT NOT NULL, problems TEXT NOT NULL
);
CREATE INDEX rebuilt_problems_by_client ON rebuilt_problems (client);

CREATE TABLE rebuilt_projected (
    stream UUID PRIMARY KEY NOT NULL, client UUID NOT NULL, through BIGINT NOT NULL
);
