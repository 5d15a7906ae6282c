"""`resource`: something to read or do, or a link, readable offline. No files are taken: a text holds what matters."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from intersession_schemas.documents.shapes import Element, Shape, line, prose
from intersession_schemas.documents.texts import is_printable
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

# A host never holds an @, which would make what stands before it a name and a password; \\ is a / to some browsers.
_LINK = re.compile(r"https?://([^\s/?#@:\\\[\]]+|\[[0-9a-f:.]+\])(:\d{1,5})?([/?#][^\s\\]*)?", re.IGNORECASE)


class ResourceStep(Element, frozen=True, kw_only=True):
    """One step of a resource that is gone through step by step."""

    text: Annotated[str, prose(2_000)] = ""


class Resource(Struct, frozen=True, kw_only=True):
    """`title`, and a `text`, `steps`, a `link`, or several of them. `tags` are for finding it.

    `retired`: put away in the library, so that it is no longer offered to be given; it can still be read.
    """

    title: Annotated[str, line(200)] = ""
    text: Annotated[str, prose(12_000)] = ""
    steps: dict[str, ResourceStep] = {}
    link: Annotated[str, line(2_000)] = ""
    tags: Annotated[tuple[Annotated[str, line(64)], ...], Meta(max_length=20)] = ()
    retired: bool = False
    made_at: Annotated[datetime, Meta(tz=True)] | None = None
    problems: tuple[str, ...] = ()


def check_resource(resource: Resource) -> None:
    """Raise `InvalidField` unless there is a title and something to read, and the link is one to the web."""
    if not resource.title.strip():
        raise InvalidField("A resource needs a title.")
    if not (resource.text.strip() or resource.steps or resource.link):
        raise InvalidField("A resource needs a text, steps or a link.")
    if not all(step.text.strip() for step in resource.steps.values()):
        raise InvalidField("A step of a resource needs a text.")
    if resource.link and not is_link(resource.link):
        raise InvalidField("A link must be a web address that begins with https:// or http://.")


def is_link(text: str) -> bool:
    """Whether `text` is a web address that may be offered to be opened: never a script, a file or a password."""
    return is_printable(text) and _LINK.fullmatch(text) is not None


RESOURCE = Shape(Kind.RESOURCE, Resource, check_resource, moments=("made_at",))
