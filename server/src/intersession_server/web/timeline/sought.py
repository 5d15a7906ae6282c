"""What a search shows: passages with what was found in them, or why nothing was searched for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from intersession_schemas import search_words

Why = Literal["blank", "no_words", "too_long"]
"""Why nothing was searched for."""


class Piece(Struct, frozen=True):
    """A part of a passage, and whether it is what was sought."""

    text: str
    sought: bool = False


def why_not(query: str, most: int) -> Why | None:
    """Why `query` is not searched for; None if it is."""
    if not query.strip():
        return "blank"
    if len(query) > most:
        return "too_long"
    return None if search_words.sought(query) else "no_words"


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """A passage, cut where the matches begin and end; `spans` are in order and apart."""
    found: list[Piece] = []
    done = 0
    for start, end in spans:
        found += [Piece(text[done:start]), Piece(text[start:end], sought=True)]
        done = end
    found.append(Piece(text[done:]))
    return [piece for piece in found if piece.text]
