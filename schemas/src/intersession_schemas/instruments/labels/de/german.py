"""German, of our own words: by the key of the instrument."""

from __future__ import annotations

from collections.abc import Mapping

from intersession_schemas.instruments.labels.de import feelings, habits, strain, trauma
from intersession_schemas.instruments.labels.words import Words

WORDS: Mapping[str, Words] = {**feelings.WORDS, **trauma.WORDS, **habits.WORDS, **strain.WORDS}
