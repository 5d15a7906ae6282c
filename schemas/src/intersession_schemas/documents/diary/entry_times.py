"""When a journal entry was written, and what was corrected of that: each correction is added and never altered.

They are in the map `times` of the entry: an id → one JSON text of `Time`. What was written first stays where it is.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.crdt import Document
from intersession_schemas.documents.moments import check_written, check_zone
from intersession_schemas.errors import InvalidField
from intersession_schemas.nesting import check_json

MOST_TIMES = 20
"""Corrections that are told of an entry; of more the last ones."""
_UNREADABLE = "times: an unreadable time"


class Time(Struct, frozen=True, omit_defaults=True):
    """When an entry was written, as somebody entered at `entered_at`."""

    written_at: datetime
    entered_at: datetime
    zone: str | None = None


def correct_time(document: Document, id: UUID, time: Time) -> bytes:
    """Correct when an entry was written; returns the change. `id` is a new one. Raises `InvalidField`."""
    _check(time)
    times = document.object("times", "map")
    if times is None:
        raise InvalidField("This entry's time cannot be corrected.")
    with document.edit() as edit:
        edit.put(str(id), msgspec.json.encode(time).decode(), times)
    assert edit.change is not None
    return edit.change


def read_corrections(document: Document, problems: list[str]) -> list[Time]:
    """The corrections in the order in which they were entered; one that cannot be read is a problem."""
    times = document.object("times", "map")
    found: list[tuple[str, Time]] = []
    for id_ in () if times is None else document.keys(times):
        time = _read(document.scalar(id_, times or b""))
        if time is not None:
            found.append((id_, time))
        elif _UNREADABLE not in problems:
            problems.append(_UNREADABLE)
    found.sort(key=lambda one: (one[1].entered_at, one[0]))
    return [time for _, time in found[-MOST_TIMES:]]


def _read(stored: object) -> Time | None:
    if not isinstance(stored, str):
        return None
    try:
        check_json(stored)
        return _check(msgspec.json.decode(stored, type=Time))
    except (msgspec.MsgspecError, InvalidField):
        return None


def _check(time: Time) -> Time:
    check_written("written_at", time.written_at)
    check_written("entered_at", time.entered_at)
    check_zone(time.zone)
    return time
