"""`session`: an appointment, and whether it was kept. What was said in it belongs in a note, not here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from intersession_schemas.documents.shapes import Shape
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

SessionState = Literal["planned", "attended", "missed", "cancelled"]


class Session(Struct, frozen=True, kw_only=True):
    """An appointment: its beginning `planned_at`, as the clock at the place shows it, and how many `minutes` it is."""

    planned_at: Annotated[datetime, Meta(tz=True)] | None = None
    minutes: Annotated[int, Meta(ge=1, le=1_440)] = 50
    state: SessionState = "planned"
    problems: tuple[str, ...] = ()


def check_session(session: Session) -> None:
    """Raise `InvalidField` unless it says when it is."""
    if session.planned_at is None:
        raise InvalidField("A session needs a time (planned_at).")


SESSION = Shape(Kind.SESSION, Session, check_session, moments=("planned_at",))
