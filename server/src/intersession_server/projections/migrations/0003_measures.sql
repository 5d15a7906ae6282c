-- `records` takes assessments, sessions, episodes and wordings of instruments as well. Everything is read once more from
-- the log's beginning, for documents of these kinds that came before this.

DELETE FROM projected;
DELETE FROM rebuilt_projected;
