-- A new device keeps whole documents as they come and reads them afterwards. `unread`: the saved document came from the
-- server and nothing of it was looked at yet.
ALTER TABLE saved ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;

-- In which order they are read: first what days are planned by and safety rests on, then what was written, newest first;
-- what was erased comes last, as what has a copy is known by then.
DROP INDEX documents_dirty;
CREATE INDEX documents_dirty ON documents (erased, kind IN ('journal_entry', 'symptom_log'), position) WHERE dirty;
