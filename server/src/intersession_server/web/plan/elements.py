"""Elements of a plan, goal or resource as a page shows them: in their order, with where each can be moved to. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from intersession_schemas.documents.shapes import Element

E = TypeVar("E", bound=Element)

MOST_ELEMENTS = 40
"""Elements of one kind on a page; further ones are on the next."""
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class PlacedElement(Struct, Generic[E], frozen=True, kw_only=True):
    """An element. `slug` names it in HTML. `up` and `down`: the id that it comes to stand after when it is moved by
    one, empty for the first place; None where it is at that end."""

    id: str
    slug: str
    of: E
    up: str | None
    down: str | None


class ElementsShown(Struct, Generic[E], frozen=True, kw_only=True):
    """A page of elements. `earlier` and `later` are the numbers that the pages beside it begin with."""

    items: list[PlacedElement[E]]
    total: int
    earlier: int | None = None
    later: int | None = None


def placed(elements: Mapping[str, E], first: int = 1) -> ElementsShown[E]:
    """Elements in their order from the one with the number `first`, counted from 1."""
    ids = sorted(elements, key=lambda id_: (elements[id_].order, id_))
    return placed_in(elements, ids, first)


def placed_in(
    elements: Mapping[str, E], ids: Sequence[str], first: int = 1, most: int = MOST_ELEMENTS
) -> ElementsShown[E]:
    """The same of elements in the order of their `ids`."""
    begin = min(max(first - 1, 0), max(len(ids) - 1, 0))
    end = begin + most
    items = [
        PlacedElement(
            id=id_,
            slug=slug(id_),
            of=elements[id_],
            up=None if number == 0 else ids[number - 2] if number > 1 else "",
            down=ids[number + 1] if number + 1 < len(ids) else None,
        )
        for number, id_ in enumerate(ids)
        if begin <= number < end
    ]
    return ElementsShown(
        items=items,
        total=len(ids),
        earlier=max(begin - most, 0) + 1 if begin else None,
        later=end + 1 if end < len(ids) else None,
    )


def slug(id_: str) -> str:
    """An element's id as a part of a name in HTML, where not everything may stand that an id may hold."""
    return id_ if _PLAIN.fullmatch(id_) else hashlib.sha256(id_.encode()).hexdigest()[:16]
