"""Which part of a client's rows is asked for: a range of time, and a place in the order. Pure.

Order is newest first, by moment and then by id, so that a place in it stays the same place when rows come in before
it. A place is handed out as text that means nothing to whoever holds it.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_schemas.records.instants import to_micros
from intersession_server.projections.read_models import EntryView, RecordView

T = TypeVar("T")
V = TypeVar("V", bound=RecordView)
_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
FIRST_YEAR, LAST_YEAR = 1900, 2199

_LAST_ID = 2**128 - 1
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LOST_PLUS = re.compile(r" (?=\d{2}:?\d{2}$)")


class Place(Struct, frozen=True, array_like=True):
    """A row's place in the order: its moment (µs since 1970) and its id."""

    moment: int
    id: UUID


class DocumentPage(NamedTuple, Generic[V]):
    """Documents of one kind, the newest first, and the place of the last one if there are more after it."""

    items: list[V]
    last: Place | None


class Window(Struct, frozen=True):
    """At most `limit` rows after the place `after`, from `since` up to `until`.

    A moment counts as an instant, and `until` is left out; a day counts as the writer's own local day, which begins at
    the full hour `day_begins`, and the day `until` is part of it.
    """

    limit: int = DEFAULT_LIMIT
    after: Place | None = None
    since: datetime | date | None = None
    until: datetime | date | None = None
    day_begins: int = 0

    @property
    def has_days(self) -> bool:
        """Whether one of its bounds is a day, so that `day_begins` counts."""
        return any(one is not None and not isinstance(one, datetime) for one in (self.since, self.until))


def place_of(entry: EntryView) -> Place:
    """The place behind which a list of entries begins with this one."""
    moment = to_micros(entry.written_at or entry.entered_at or entry.arrived_at)
    # Of one moment the highest id comes first. Nothing is above the last id; what is older than a moment begins there.
    return Place(moment, UUID(int=entry.id.int + 1)) if entry.id.int < _LAST_ID else Place(moment + 1, UUID(int=0))


def cursor_text(place: object) -> str:
    """A place in a list as text, safe in a URL."""
    return base64.urlsafe_b64encode(_encoder.encode(place)).rstrip(b"=").decode()


def read_cursor(text: str, type_: type[T]) -> T:
    """The place that `cursor_text` wrote. Raises `InvalidField` for any other text."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return msgspec.msgpack.decode(data, type=type_)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise no_cursor() from None


def no_cursor() -> InvalidField:
    """What is said of a text that is no place in the list."""
    return InvalidField("before must be the `next` of an earlier response.")


def place_text(place: Place) -> str:
    """The place of a row as text."""
    return cursor_text(place)


def read_place(text: str) -> Place:
    """The place that `place_text` wrote. Raises `InvalidField` for any other text."""
    place = read_cursor(text, Place)
    if not -(2**63) <= place.moment < 2**63:
        raise no_cursor()
    return place


def read_bound(field: str, text: str) -> datetime | date:
    """A local day (`2020-03-16`) or a moment with its offset. Raises `InvalidField` for anything else."""
    # In a query a bare + stands for a space, and whoever writes an offset by hand forgets that.
    mended = _LOST_PLUS.sub("+", text)
    try:
        if _DAY.fullmatch(mended) and _is_asked_for(day := date.fromisoformat(mended)):
            return day
        moment = datetime.fromisoformat(mended)
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None or not _is_asked_for(moment):
        raise InvalidField(
            f"{field} must be a day (2020-03-16) or a time with its offset (2020-03-16T23:50:00+01:00), in the years"
            f" {FIRST_YEAR} to {LAST_YEAR}."
        )
    return moment


def _is_asked_for(at: date) -> bool:
    """Whether weeks and years either way of it are still in the calendar, in whichever zone."""
    return FIRST_YEAR <= at.year <= LAST_YEAR
