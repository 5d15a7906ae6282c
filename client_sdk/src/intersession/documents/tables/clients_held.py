"""Whose records are held here, and how much of each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from intersession.documents.tables.pages import Whole, cut
from intersession.models.devices import ClientSummary
from intersession_schemas.records.instants import from_micros
from intersession_schemas.streams import Audience

if TYPE_CHECKING:
    from intersession.inputs.windows import ReadWindow
    from intersession.store.store import Store


class _Held(Struct, frozen=True):
    """A client, and what the caseload is sorted by."""

    stream: bytes
    client: bytes
    label: str
    role: str
    received: int | None


_CLIENTS = """
    SELECT s.id, s.client, s.label, s.role,
        (SELECT max(d.heard_at) FROM documents d WHERE d.stream = s.id)
    FROM streams s WHERE s.audience = ?
"""
_HOW_MUCH = """
    SELECT (SELECT count(*) FROM entries WHERE stream = ?),
        (SELECT count(*) FROM symptoms_standing WHERE stream = ?),
        (SELECT max(written) FROM entries WHERE stream = ?),
        (SELECT max(about) FROM symptoms_standing WHERE stream = ?)
"""
LIST = Whole[_Held](
    "clients",
    lambda one: (one.received is None, -(one.received or 0), one.label, one.client),
    lambda one: UUID(bytes=one.client),
)
"""Clients, those of whom something arrived last first."""


def clients(store: Store, window: ReadWindow) -> list[ClientSummary]:
    """Each client whose record is held, and how much of it. Raises `NotFound`."""
    held = (_Held(*row) for row in store.all(_CLIENTS, Audience.RECORD.value))
    return [_summary(store, one) for one in cut(store, LIST, held, window)]


def client(store: Store, id: UUID) -> ClientSummary | None:
    """The client with that id, if their record is held."""
    row = store.one(_CLIENTS + "AND s.client = ?", Audience.RECORD.value, id.bytes)
    return None if row is None else _summary(store, _Held(*row))


def _summary(store: Store, one: _Held) -> ClientSummary:
    row = store.one(_HOW_MUCH, *[one.stream] * 4)
    assert row is not None
    entries, logs, written, about = row
    return ClientSummary(
        id=UUID(bytes=one.client),
        name=one.label,
        role=one.role,
        entries=entries,
        symptom_logs=logs,
        last_written_at=_moment(max(filter(None, (written, about)), default=None)),
        last_arrived_at=_moment(one.received),
    )


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
