"""What a search answers with: a page of entries, each with the passage that shows it. Frozen values."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from intersession.models.records import Entry


class FoundEntry(Entry, frozen=True, kw_only=True):
    """An entry that was found, with the passage that shows it.

    `snippet` is on one line, with "…" where something is left out; `spans` are the matches in it, each as (first, past
    the last) in characters (code points): `snippet[first:last]`.
    """

    snippet: str
    spans: tuple[tuple[int, int], ...]


class Found(Struct, frozen=True):
    """A page of search results, newest first; iterating yields its `entries`.

    Pass `next` as `after` of the same call for the next page; None if there is none.
    """

    entries: tuple[FoundEntry, ...]
    next: str | None = None

    def __iter__(self) -> Iterator[FoundEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)
