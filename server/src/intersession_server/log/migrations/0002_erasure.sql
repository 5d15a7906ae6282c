-- Documents that were withdrawn. From here on `documents.erased` is the row that says so; `kept`: their bytes stay.
-- A document that was erased before the server knew it is made by its erasure: `created` is that row.
-- `streams.documents` and `streams.bytes` are what readers may still have: nothing of erased documents, kept or not.
-- A row of type `change` without `change`: its bytes were dropped, with its document or for newer ones of a vault.
ALTER TABLE documents ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
