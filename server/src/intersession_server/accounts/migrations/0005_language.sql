-- The language in which a therapist reads the pages; none: the one that their browser asks for.

ALTER TABLE person ADD COLUMN language TEXT;
