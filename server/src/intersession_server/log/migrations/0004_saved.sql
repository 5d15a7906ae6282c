-- Documents saved beside their rows, for new devices (`log/saved`). `through` is the last row of what is in `data`,
-- `inside` the rows of its `changes`, `digest` what it was when it was written; `since` counts the rows that came since.
CREATE TABLE saved (
    document BLOB PRIMARY KEY REFERENCES documents (id),
    through INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    since INTEGER NOT NULL DEFAULT 0,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    inside BLOB NOT NULL,
    data BLOB NOT NULL
);
-- The documents of all rows up to `saved` have been saved, where it is worth it.
ALTER TABLE streams ADD COLUMN saved INTEGER NOT NULL DEFAULT 0;
CREATE INDEX streams_unsaved ON streams (id) WHERE saved < head AND audience <> 'vault';
