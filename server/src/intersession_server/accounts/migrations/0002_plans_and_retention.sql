-- The document in each client's record that is its plan, and what a practice does with what clients withdraw.

ALTER TABLE practice ADD COLUMN retention TEXT NOT NULL DEFAULT 'erase' CHECK (retention IN ('erase', 'hide'));

ALTER TABLE person ADD COLUMN plan UUID;                -- clients only; those from before get one at the next start

CREATE UNIQUE INDEX person_by_plan ON person (plan);
