-- Who manages a practice, whose care or work in it has ended, how long its pairing codes last, and what people are found by.

ALTER TABLE practice ADD COLUMN code_minutes INTEGER NOT NULL DEFAULT 10;

ALTER TABLE person ADD COLUMN manager BOOLEAN NOT NULL DEFAULT FALSE;          -- therapists only

ALTER TABLE person ADD COLUMN password_once BOOLEAN NOT NULL DEFAULT FALSE;    -- to be changed at the next sign-in

ALTER TABLE person ADD COLUMN ended_at TIMESTAMPTZ;

ALTER TABLE person ADD COLUMN folded TEXT NOT NULL DEFAULT '';  -- names from before are folded at the next start

ALTER TABLE invitation ADD COLUMN length INTEGER NOT NULL DEFAULT 8;           -- of the code, in characters

CREATE INDEX invitation_open ON invitation (expires_at) WHERE used_at IS NULL;

CREATE INDEX person_by_folded ON person (practice, role, folded, id);

-- Somebody has to manage a practice that is there already: its first therapist.
UPDATE person SET manager = TRUE WHERE role = 'therapist' AND created_at = (
    SELECT min(other.created_at) FROM person AS other WHERE other.practice = person.practice AND other.role = 'therapist'
);
