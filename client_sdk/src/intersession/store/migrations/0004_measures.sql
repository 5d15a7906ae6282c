-- Assessments, sessions, episodes and wordings have rows in `records` from here on.

UPDATE documents SET dirty = 1 WHERE NOT erased AND kind IN ('assessment', 'session', 'episode', 'instrument');

-- Rows of assessments that the server has set aside: that there was an answer is told, what it said is with nobody.
CREATE TABLE not_accepted (
    stream      BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    document    BLOB NOT NULL,           -- an id: nothing else of it may be here
    author      BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (stream, seq)
) WITHOUT ROWID;
