-- Documents that are records of fields (plan, homework and what belongs to it, goals, resources, comments …), each one
-- row: its read model as JSON text, and beside it what is looked for and sorted by.

CREATE TABLE records (
    document UUID PRIMARY KEY NOT NULL,
    stream UUID NOT NULL,
    client UUID NOT NULL,
    kind TEXT NOT NULL,
    about UUID,                              -- the document it is about: the homework of progress, what a comment is on
    author UUID NOT NULL,                    -- of its first change, as the device
    device UUID NOT NULL,
    seq BIGINT NOT NULL,
    arrived_at BIGINT NOT NULL,
    changed_by UUID NOT NULL,                -- of its latest change
    changed_at BIGINT NOT NULL,
    moment BIGINT NOT NULL,                  -- what it is sorted by: when it was done or made, else when it arrived
    late BOOLEAN,                            -- of progress: it arrived more than a day after it was done
    heads TEXT NOT NULL,                     -- of the document that the model was read from, in hex
    model TEXT NOT NULL,
    problems TEXT NOT NULL
);

CREATE INDEX records_by_client ON records (client, kind, moment, document);
CREATE INDEX records_by_subject ON records (about);

CREATE TABLE rebuilt_records (
    document UUID PRIMARY KEY NOT NULL, stream UUID NOT NULL, client UUID NOT NULL, kind TEXT NOT NULL, about UUID,
    author UUID NOT NULL, device UUID NOT NULL, seq BIGINT NOT NULL, arrived_at BIGINT NOT NULL,
    changed_by UUID NOT NULL, changed_at BIGINT NOT NULL, moment BIGINT NOT NULL, late BOOLEAN, heads TEXT NOT NULL,
    model TEXT NOT NULL, problems TEXT NOT NULL
);
CREATE INDEX rebuilt_records_by_client ON rebuilt_records (client, kind, moment, document);
CREATE INDEX rebuilt_records_by_subject ON rebuilt_records (about);

-- Everything is read once more from the log's beginning, for documents of these kinds that came before this.
DELETE FROM projected;
DELETE FROM rebuilt_projected;
