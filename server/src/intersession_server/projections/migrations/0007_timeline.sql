-- What has arrived of a client since a moment, the last first.
CREATE INDEX entries_by_arrival ON entries (client, arrived_at);
CREATE INDEX symptom_logs_by_arrival ON symptom_logs (client, arrived_at);
CREATE INDEX records_by_arrival ON records (client, arrived_at);
CREATE INDEX rebuilt_entries_by_arrival ON rebuilt_entries (client, arrived_at);
CREATE INDEX rebuilt_symptom_logs_by_arrival ON rebuilt_symptom_logs (client, arrived_at);
CREATE INDEX rebuilt_records_by_arrival ON rebuilt_records (client, arrived_at);

-- The words of everything that is shown of a client take the place of those of entries alone: cut and folded by
-- `search_words`; `client` is its id in hex, `kind` is without its underscore. A row's id is its place in the order of
-- the timeline, newest last; see searching/text_index.py. `document` is of a symptom log the id of its row.
DROP TABLE entries_text;
DROP TABLE entries_places;
DROP TABLE rebuilt_entries_text;
DROP TABLE rebuilt_entries_places;
CREATE VIRTUAL TABLE shown_text USING fts5 (client, kind, body, tokenize = "ascii", prefix = '1 2 3 4');
CREATE TABLE shown_places (
    document UUID PRIMARY KEY NOT NULL, kind TEXT NOT NULL, moment BIGINT NOT NULL, place BIGINT NOT NULL UNIQUE
);
CREATE VIRTUAL TABLE rebuilt_shown_text USING fts5 (client, kind, body, tokenize = "ascii", prefix = '1 2 3 4');
CREATE TABLE rebuilt_shown_places (
    document UUID PRIMARY KEY NOT NULL, kind TEXT NOT NULL, moment BIGINT NOT NULL, place BIGINT NOT NULL UNIQUE
);

-- The notes of the care team, from the chart: in a table of their own, since nothing that reads a record may meet one.
CREATE TABLE chart_notes (
    document UUID PRIMARY KEY NOT NULL,
    stream UUID NOT NULL,
    client UUID NOT NULL,
    author UUID NOT NULL,
    seq BIGINT NOT NULL,
    arrived_at BIGINT NOT NULL,
    changed_by UUID NOT NULL,
    changed_at BIGINT NOT NULL,
    moment BIGINT NOT NULL,                  -- what it is sorted by: when it was made, else when it arrived
    heads TEXT NOT NULL,
    model TEXT NOT NULL,
    problems TEXT NOT NULL
);
CREATE INDEX chart_notes_by_client ON chart_notes (client, moment, document);
CREATE TABLE rebuilt_chart_notes (
    document UUID PRIMARY KEY NOT NULL, stream UUID NOT NULL, client UUID NOT NULL, author UUID NOT NULL,
    seq BIGINT NOT NULL, arrived_at BIGINT NOT NULL, changed_by UUID NOT NULL, changed_at BIGINT NOT NULL,
    moment BIGINT NOT NULL, heads TEXT NOT NULL, model TEXT NOT NULL, problems TEXT NOT NULL
);
CREATE INDEX rebuilt_chart_notes_by_client ON rebuilt_chart_notes (client, moment, document);

-- Everything is read once more from the log's beginning, for the words and notes that came before this.
DELETE FROM projected;
DELETE FROM rebuilt_projected;
