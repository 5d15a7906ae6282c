"""Elements of a document (sections, steps, fields): their ids, and the numbers that they are shown in the order of."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TypeVar

from msgspec.structs import replace

from intersession.errors import NotFound
from intersession_schemas.documents.shapes import Element

E = TypeVar("E", bound=Element)


def new_id() -> str:
    """An id that no other device has given."""
    return secrets.token_hex(8)


def numbered(elements: Iterable[E]) -> dict[str, E]:
    """New elements in that order, each with an id."""
    return {new_id(): replace(element, order=float(number)) for number, element in enumerate(elements, start=1)}


def appended(elements: Mapping[str, E], id: str, element: E) -> dict[str, E]:
    """`elements` with another one at their end."""
    last = max((one.order for one in elements.values()), default=0.0)
    return {**elements, id: replace(element, order=last + 1.0)}


def moved(elements: Mapping[str, E], id: str, after: str | None) -> dict[str, E]:
    """`elements` with the one that has that id right after the one `after`, or first. Raises `NotFound`.

    Its own number alone changes, as long as there is one between its new neighbours.
    """
    one = _there(elements, id)
    if after is not None:
        _there(elements, after)
    if after == id:
        return dict(elements)
    others = [(key, element) for key, element in in_order(elements) if key != id]
    at = 0 if after is None else [key for key, _ in others].index(after) + 1
    below = others[at - 1][1].order if at > 0 else None
    above = others[at][1].order if at < len(others) else None
    order = _between(below, above)
    if order is not None:
        return {**elements, id: replace(one, order=order)}
    others.insert(at, (id, one))
    return {key: replace(element, order=float(number)) for number, (key, element) in enumerate(others, start=1)}


def placed(elements: Mapping[str, E], id: str, element: E, after: str | None) -> dict[str, E]:
    """`elements` with another one: right after the one `after`, or at their end. Raises `NotFound`."""
    more = appended(elements, id, element)
    return more if after is None else moved(more, id, after)


def without(elements: Mapping[str, E], id: str) -> dict[str, E]:
    """`elements` without one. Raises `NotFound`."""
    _there(elements, id)
    return {key: element for key, element in elements.items() if key != id}


def in_order(elements: Mapping[str, E]) -> list[tuple[str, E]]:
    """Ids and elements as they are shown."""
    return sorted(elements.items(), key=lambda item: (item[1].order, item[0]))


def rewritten(elements: Mapping[str, E], contents: Iterable[E], *, by: str = "text") -> dict[str, E]:
    """Elements that say `contents` in that order, keeping the ids of those whose `by` says what it said before.

    The others take the ids that are left, in order, so that rewording one is no removal; the rest get new ones.
    """
    before = in_order(elements)
    wanted = list(contents)
    ids: list[str | None] = [None] * len(wanted)
    left = list(before)
    for number, new in enumerate(wanted):
        same = next((pair for pair in left if getattr(pair[1], by) == getattr(new, by)), None)
        if same is not None:
            ids[number] = same[0]
            left.remove(same)
    for number, id in enumerate(ids):
        if id is None:
            ids[number] = left.pop(0)[0] if left else new_id()
    final = [id for id in ids if id is not None]
    orders = [elements[id].order if id in elements else math.inf for id in final]
    if not all(a < b for a, b in pairwise(orders)) or math.inf in orders:
        orders = [float(number) for number in range(1, len(final) + 1)]
    return {id: replace(new, order=order) for id, new, order in zip(final, wanted, orders, strict=True)}


def _between(below: float | None, above: float | None) -> float | None:
    """A number between the two; None where there is none left."""
    if below is None:
        return 1.0 if above is None else above - 1.0
    if above is None:
        return below + 1.0
    middle = (below + above) / 2
    return middle if below < middle < above else None


def _there(elements: Mapping[str, E], id: str) -> E:
    found = elements.get(id)
    if found is None:
        raise NotFound("There is no element with that id in it.")
    return found
