-- Up to which row of a client's record a therapist has looked, and when they looked last. It goes with the assignment.
CREATE TABLE seen (
    id UUID PRIMARY KEY NOT NULL,
    therapist UUID NOT NULL REFERENCES person (id),
    client UUID NOT NULL REFERENCES person (id),
    through_row INTEGER NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    UNIQUE (therapist, client)
);
