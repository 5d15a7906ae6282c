-- Where a practice is (ISO 3166-1, two letters), which decides on the crisis lines that its clients' apps show.

ALTER TABLE practice ADD COLUMN country TEXT;
