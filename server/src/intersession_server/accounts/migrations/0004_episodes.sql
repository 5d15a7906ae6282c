-- The episode of care that each client's record begins with. Clients from before get one at the next start.

ALTER TABLE person ADD COLUMN episode UUID;

CREATE UNIQUE INDEX person_by_episode ON person (episode);
