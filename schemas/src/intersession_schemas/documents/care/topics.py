"""`topic`: what a client wants to talk about in the next session. It is carried over until they tick it off."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from intersession_schemas.documents.shapes import Shape, prose
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind


class Topic(Struct, frozen=True, kw_only=True):
    """One thing to talk about; `talked_on` is the day on which it was ticked off, None while it is open."""

    text: Annotated[str, prose(2_000)] = ""
    made_at: Annotated[datetime, Meta(tz=True)] | None = None
    talked_on: date | None = None
    problems: tuple[str, ...] = ()


def check_topic(topic: Topic) -> None:
    """Raise `InvalidField` for a topic without words."""
    if not topic.text.strip() or topic.made_at is None:
        raise InvalidField("A topic needs a text and the time it was made.")


TOPIC = Shape(Kind.TOPIC, Topic, check_topic, moments=("made_at",))
