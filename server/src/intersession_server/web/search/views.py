"""What the search screen shows: entries with the passages that were found in them, or why there are none. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from intersession_schemas import search_words
from intersession_server.projections.read_models import FoundEntryView
from intersession_server.projections.windows import place_of, place_text
from intersession_server.web.client.entries import EntryCard, entry_card

Why = Literal["blank", "no_words", "too_long"]
"""Why nothing was searched for."""


class Piece(Struct, frozen=True):
    """A part of a passage, and whether it is what was sought."""

    text: str
    sought: bool = False


class FoundCard(Struct, frozen=True):
    """An entry that was found, its passage, and the place from which the journal shows it first."""

    entry: EntryCard
    passage: list[Piece]
    place: str


def why_not(query: str, most: int) -> Why | None:
    """Why `query` is not searched for; None if it is."""
    if not query.strip():
        return "blank"
    if len(query) > most:
        return "too_long"
    return None if search_words.sought(query) else "no_words"


def found_card(entry: FoundEntryView) -> FoundCard:
    """An entry that was found, prepared."""
    return FoundCard(entry_card(entry), pieces(entry.snippet, entry.spans), place_text(place_of(entry)))


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """A passage, cut where the matches begin and end; `spans` are in order and apart."""
    found: list[Piece] = []
    done = 0
    for start, end in spans:
        found += [Piece(text[done:start]), Piece(text[start:end], sought=True)]
        done = end
    found.append(Piece(text[done:]))
    return [piece for piece in found if piece.text]
