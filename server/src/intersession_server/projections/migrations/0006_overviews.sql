-- What of a record is counted from a row on is found by that row, and of records of fields also what briefs and signals
-- are made from (`filed`): who wrote them, and when they and their parts arrived, as JSON text.

ALTER TABLE records ADD COLUMN last_seq BIGINT NOT NULL DEFAULT 0;       -- of its latest change
ALTER TABLE records ADD COLUMN filed TEXT NOT NULL DEFAULT '';
ALTER TABLE rebuilt_records ADD COLUMN last_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rebuilt_records ADD COLUMN filed TEXT NOT NULL DEFAULT '';

CREATE INDEX entries_by_row ON entries (client, seq);
CREATE INDEX symptom_logs_by_row ON symptom_logs (client, seq);
CREATE INDEX records_by_row ON records (client, last_seq);
CREATE INDEX rebuilt_entries_by_row ON rebuilt_entries (client, seq);
CREATE INDEX rebuilt_symptom_logs_by_row ON rebuilt_symptom_logs (client, seq);
CREATE INDEX rebuilt_records_by_row ON rebuilt_records (client, last_seq);

-- Assessments for which something was sent that was set aside: by which rows, from whom and when, as a JSON list.
CREATE TABLE set_aside (
    document UUID PRIMARY KEY NOT NULL,
    stream UUID NOT NULL,
    client UUID NOT NULL,
    rows TEXT NOT NULL
);
CREATE INDEX set_aside_by_client ON set_aside (client);
CREATE TABLE rebuilt_set_aside (
    document UUID PRIMARY KEY NOT NULL, stream UUID NOT NULL, client UUID NOT NULL, rows TEXT NOT NULL
);
CREATE INDEX rebuilt_set_aside_by_client ON rebuilt_set_aside (client);

-- What a caseload says of a client, made from the tables above: as of row `through`, and right until the moment `until`,
-- when the client's local day is over. `mark` is another one whenever `model` is.
CREATE TABLE overviews (
    stream UUID PRIMARY KEY NOT NULL,
    client UUID NOT NULL,
    through BIGINT NOT NULL,
    until BIGINT NOT NULL,
    mark TEXT NOT NULL,
    model TEXT NOT NULL
);
CREATE INDEX overviews_by_client ON overviews (client);
CREATE INDEX overviews_by_until ON overviews (until);
CREATE TABLE rebuilt_overviews (
    stream UUID PRIMARY KEY NOT NULL, client UUID NOT NULL, through BIGINT NOT NULL, until BIGINT NOT NULL,
    mark TEXT NOT NULL, model TEXT NOT NULL
);
CREATE INDEX rebuilt_overviews_by_client ON rebuilt_overviews (client);
CREATE INDEX rebuilt_overviews_by_until ON rebuilt_overviews (until);

-- Everything is read once more from the log's beginning, for what came before this.
DELETE FROM projected;
DELETE FROM rebuilt_projected;
