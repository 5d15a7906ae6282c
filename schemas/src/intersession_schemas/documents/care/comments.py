"""`comment`, `acknowledgement`, `note`: what somebody says of another document, and what the care team keeps to itself.

A comment belongs to its author; encouragement is one, and so is a client's word on whether a resource helped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from intersession_schemas.documents.shapes import Shape, line, prose
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

Moment = Annotated[datetime, Meta(tz=True)]


class Comment(Struct, frozen=True, kw_only=True):
    """On the document `on`. `helped` says whether a resource helped; None where that is not what it is about."""

    on: UUID | None = None
    text: Annotated[str, prose(4_000)] = ""
    helped: bool | None = None
    made_at: Moment | None = None
    problems: tuple[str, ...] = ()


class Acknowledgement(Struct, frozen=True, kw_only=True):
    """A signal was seen: `signal` names it, `note` says what was done."""

    signal: Annotated[str, line(200)] = ""
    note: Annotated[str, prose(4_000)] = ""
    made_at: Moment | None = None
    problems: tuple[str, ...] = ()


class Note(Struct, frozen=True, kw_only=True):
    """A private clinical note of the care team; it lives in the chart and never reaches the client."""

    text: Annotated[str, prose(12_000)] = ""
    about: UUID | None = None
    made_at: Moment | None = None
    problems: tuple[str, ...] = ()


def check_comment(comment: Comment) -> None:
    """Raise `InvalidField` unless it is on something and says something."""
    if comment.on is None or comment.made_at is None:
        raise InvalidField("A comment needs the document it is about and the time it was made.")
    if not comment.text.strip() and comment.helped is None:
        raise InvalidField("A comment needs a text, or whether the resource helped.")


def check_acknowledgement(acknowledgement: Acknowledgement) -> None:
    """Raise `InvalidField` unless it names its signal."""
    if not acknowledgement.signal or acknowledgement.made_at is None:
        raise InvalidField("An acknowledgement needs its signal and the time it was made.")


def check_note(note: Note) -> None:
    """Raise `InvalidField` for an empty note."""
    if not note.text.strip() or note.made_at is None:
        raise InvalidField("A note needs a text and the time it was made.")


COMMENT = Shape(Kind.COMMENT, Comment, check_comment, subject="on", moments=("made_at",))
ACKNOWLEDGEMENT = Shape(Kind.ACKNOWLEDGEMENT, Acknowledgement, check_acknowledgement, moments=("made_at",))
NOTE = Shape(Kind.NOTE, Note, check_note, subject="about", moments=("made_at",))
