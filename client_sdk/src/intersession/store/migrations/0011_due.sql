-- What is due is found by what it still depends on, however much lies behind.

ALTER TABLE records ADD COLUMN occurrence TEXT;  -- of progress and assessments: the occurrence that they answer for
ALTER TABLE records ADD COLUMN open_until TEXT;  -- of homework and begun assessments: the last day; the last of all: open
CREATE INDEX records_by_occurrence ON records (kind, occurrence, ref) WHERE occurrence IS NOT NULL;
CREATE INDEX records_by_open_until ON records (kind, open_until, at, id) WHERE open_until IS NOT NULL;

UPDATE documents SET dirty = 1 WHERE NOT erased AND kind IN ('homework', 'homework_progress', 'assessment');
