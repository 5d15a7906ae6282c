-- Reminders by a push service: whether a practice offers them, and where those of a device go.

ALTER TABLE practice ADD COLUMN reminders BOOLEAN NOT NULL DEFAULT FALSE;

-- One for each device that wants them. It goes with the device's access, and when the practice offers them no more.
CREATE TABLE push_subscription (
    device UUID PRIMARY KEY NOT NULL REFERENCES device (id),
    endpoint TEXT NOT NULL,                         -- the address that the push service gave the device
    p256dh TEXT NOT NULL,                           -- the device's public key for it, in base64url
    auth TEXT NOT NULL,                             -- the secret that goes with it, in base64url
    zone TEXT NOT NULL,                             -- of the device's clock
    through TIMESTAMPTZ NOT NULL,                   -- what came due up to then has been dealt with
    next_at TIMESTAMPTZ NOT NULL,                   -- when it is looked at again
    tries INTEGER NOT NULL DEFAULT 0,               -- how often the push service could not be reached in a row
    day TEXT NOT NULL DEFAULT '',                   -- the local day of the last reminder …
    sent INTEGER NOT NULL DEFAULT 0                 -- … and how many there were on it
);

CREATE INDEX push_subscription_by_next ON push_subscription (next_at);
