-- Which state of the file a write-ahead log builds on; see replica/generation.py. One row, on a page of its own.

CREATE TABLE generation (
    builds_on BLOB NOT NULL,           -- the `id` of the file that the log was begun on; empty: the file was just made
    id        BLOB NOT NULL            -- of the file, once the log is in it
);
INSERT INTO generation VALUES (x'', randomblob(16));
