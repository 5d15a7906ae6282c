-- What each row was when it was written (`log/chain.py: row_sum`), compared whenever it is read. NULL: it was written
-- before there were sums, or its bytes were dropped. A row that has a sum and lacks its bytes was altered on the disk.
ALTER TABLE rows ADD COLUMN sum BLOB;
-- Which data folder the file belongs to, as the others of that folder say, too.
CREATE TABLE folder (id BLOB NOT NULL CHECK (length(id) = 16));
