-- Assessments, sessions, episodes and wordings have rows in `records` from here on.

UPDATE documents SET dirty = 1 WHERE NOT erased AND kind IN ('assessment', 'session', 'episode', 'instrument');
