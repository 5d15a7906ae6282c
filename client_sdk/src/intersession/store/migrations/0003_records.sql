-- Projections of the documents that are records of fields: plan, homework, goals, resources, comments, notes, templates.

CREATE TABLE records (
    document INTEGER PRIMARY KEY REFERENCES documents (position),
    kind     TEXT NOT NULL,
    ref      BLOB,                   -- the document that it is about: the homework of progress, what a comment is on
    at       INTEGER NOT NULL,       -- lists are sorted by it: when it was made, assigned, entered
    model    BLOB NOT NULL           -- JSON of the schemas' read model
);
CREATE INDEX records_by_kind ON records (kind, at);
CREATE INDEX records_by_ref ON records (ref) WHERE ref IS NOT NULL;

-- What was kept before there was a table for it is projected with the next opening.
UPDATE documents SET dirty = 1 WHERE NOT erased AND kind NOT IN ('journal_entry', 'symptom_log', 'vault_key');
