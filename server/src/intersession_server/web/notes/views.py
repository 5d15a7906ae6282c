"""What the page of notes shows, prepared. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from msgspec import Struct

from intersession_server.projections.read_models import NoteView
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, prose

_EDITED_AFTER = timedelta(minutes=1)


class NoteCard(Struct, frozen=True):
    """A note: who wrote it, when, and what; `mine`: the reader wrote it, and may change it, on `heads`."""

    id: UUID
    author: str
    at: datetime
    when: str
    edited: str
    text: FoldedText
    whole: str
    mine: bool
    heads: list[str]
    about: tuple[str, str] | None
    problems: tuple[str, ...]


def note_card(
    view: NoteView,
    names: Mapping[UUID, str],
    reader: UUID,
    zone: tzinfo,
    subjects: Mapping[UUID, tuple[str, str]] = {},
) -> NoteCard:
    """A note, prepared. `subjects` are what notes are about: address and words, by id."""
    at = (view.note.made_at or view.arrived_at).astimezone(zone)
    edited = view.changed_at - view.arrived_at > _EDITED_AFTER
    return NoteCard(
        id=view.id,
        author=names.get(view.author, ""),
        at=at,
        when=phrases.moment(at),
        edited=phrases.arrival(view.changed_at, at) if edited else "",
        text=prose(view.note.text),
        whole=view.note.text,
        mine=view.author == reader,
        heads=view.heads,
        about=None if view.note.about is None else subjects.get(view.note.about),
        problems=view.note.problems,
    )
