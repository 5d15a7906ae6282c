-- The version of a document that its row says: the hashes of its latest changes as hex, sorted, one after the other.
-- An edit may name it, to be merged with what has come since.

ALTER TABLE entries ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE records ADD COLUMN version TEXT NOT NULL DEFAULT '';

CREATE TABLE latest_changes AS
    WITH RECURSIVE
        named (document, hash, rest) AS (
            SELECT document, substr(deps, 1, 32), substr(deps, 33) FROM changes WHERE applied AND length(deps) > 0
            UNION ALL
            SELECT document, substr(rest, 1, 32), substr(rest, 33) FROM named WHERE length(rest) > 0
        ),
        latest (document, hash) AS (
            SELECT document, hash FROM changes WHERE applied EXCEPT SELECT document, hash FROM named
        )
    SELECT document, group_concat(lower(hex(hash)), '') AS version
        FROM (SELECT document, hash FROM latest ORDER BY document, hash) GROUP BY document;
CREATE UNIQUE INDEX latest_changes_by_document ON latest_changes (document);
UPDATE entries SET version =
    ifnull((SELECT version FROM latest_changes l WHERE l.document = entries.document), '');
UPDATE records SET version =
    ifnull((SELECT version FROM latest_changes l WHERE l.document = records.document), '');
DROP TABLE latest_changes;
