-- Lists are read a page at a time: each has its order in an index, with what tells items of one moment apart.

DROP INDEX entries_by_written;
CREATE INDEX entries_by_written ON entries (written, document);
DROP INDEX entries_by_stream;
CREATE INDEX entries_by_stream ON entries (stream, written, document);

DROP INDEX symptoms_standing_by_about;
CREATE INDEX symptoms_standing_by_about ON symptoms_standing (about, log);
CREATE INDEX symptoms_standing_by_scope ON symptoms_standing (scope, about, log);
CREATE INDEX symptoms_standing_by_log ON symptoms_standing (log);

CREATE INDEX drafts_by_kept ON drafts (kept_at, name);
CREATE INDEX erasures_by_withdrawn ON erasures (withdrawn, position);

-- `records` with the stream and the id of the document, which lists are of and sorted by.
CREATE TABLE listed_records (
    document INTEGER PRIMARY KEY REFERENCES documents (position),
    id       BLOB NOT NULL,
    stream   BLOB,
    kind     TEXT NOT NULL,
    ref      BLOB,                   -- the document that it is about: the homework of progress, what a comment is on
    at       INTEGER NOT NULL,       -- lists are sorted by it: when it was made, assigned, entered
    model    BLOB NOT NULL           -- JSON of the schemas' read model
);
INSERT INTO listed_records (document, id, stream, kind, ref, at, model)
    SELECT r.document, d.id, d.stream, r.kind, r.ref, r.at, r.model
    FROM records r JOIN documents d ON d.position = r.document;
DROP TABLE records;
ALTER TABLE listed_records RENAME TO records;
CREATE INDEX records_by_kind ON records (kind, at, id);
CREATE INDEX records_by_stream ON records (kind, stream, at, id);
CREATE INDEX records_by_ref ON records (ref, kind, at, id) WHERE ref IS NOT NULL;
