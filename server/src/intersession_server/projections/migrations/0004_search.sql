-- The words of entries, cut and folded by `search_words`; `client` is its id in hex. A row's id is its place in the
-- order of entries, newest last; see text_index.py.
CREATE VIRTUAL TABLE entries_text USING fts5 (client, body, tokenize = "ascii", prefix = '1 2 3 4');
CREATE TABLE entries_places (document UUID PRIMARY KEY NOT NULL, place BIGINT NOT NULL UNIQUE);

CREATE VIRTUAL TABLE rebuilt_entries_text USING fts5 (client, body, tokenize = "ascii", prefix = '1 2 3 4');
CREATE TABLE rebuilt_entries_places (document UUID PRIMARY KEY NOT NULL, place BIGINT NOT NULL UNIQUE);

-- Whether words of an entry that was erased may still be in a segment of the index: from the transaction that took the
-- entry out of it until its segments have been merged.
CREATE TABLE text_erased (id INTEGER PRIMARY KEY CHECK (id = 1), holds INTEGER NOT NULL);
INSERT INTO text_erased VALUES (1, 0);

-- Everything is read once more from the log's beginning, for the words of entries that came before this.
DELETE FROM projected;
DELETE FROM rebuilt_projected;
