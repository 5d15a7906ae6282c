"""How far records have moved, the diary apart: a page that shows nothing of it need not be made anew for an entry.

It is kept in memory, since this process began to look. What a mark says is not how far a record is but whether it is
where it was: so a page that is open across a start is made anew once.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from intersession_schemas.streams import Kind

DIARY = frozenset({Kind.JOURNAL_ENTRY.value, Kind.SYMPTOM_LOG.value})


class BesideDiary:
    """By stream the last row that was of something else, or the one at which it was first looked at."""

    def __init__(self) -> None:
        self._reached: dict[UUID, int] = {}

    def note(self, stream: UUID, before: int, through: int, kinds: Iterable[str]) -> None:
        """Rows of documents of these kinds, after `before` and up to `through`, are in the read models."""
        is_diary = DIARY.issuperset(kinds)
        self._reached[stream] = self.of(stream, before) if is_diary else through

    def of(self, stream: UUID, through: int) -> int:
        """That row of a stream that is projected up to `through`."""
        return self._reached.setdefault(stream, through)
