"""Whose records are held here, and how much of each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from intersession.models.devices import ClientSummary
from intersession_schemas.records.instants import from_micros
from intersession_schemas.streams import Audience

if TYPE_CHECKING:
    from intersession.store.store import Store

_CLIENTS = """
    SELECT s.client, s.label, s.role,
        (SELECT count(*) FROM entries e WHERE e.stream = s.id),
        (SELECT count(*) FROM symptoms_standing l WHERE l.stream = s.id),
        (SELECT max(e.written) FROM entries e WHERE e.stream = s.id),
        (SELECT max(l.about) FROM symptoms_standing l WHERE l.stream = s.id),
        (SELECT max(c.received_at) FROM documents d JOIN changes c ON c.document = d.position WHERE d.stream = s.id)
    FROM streams s WHERE s.audience = ?
"""


def clients(store: Store) -> list[ClientSummary]:
    """Each client whose record is held, and how much of it."""
    return [
        ClientSummary(
            id=UUID(bytes=client),
            name=label,
            role=role,
            entries=entries,
            symptom_logs=logs,
            last_written_at=_moment(max(filter(None, (written, about)), default=None)),
            last_arrived_at=_moment(received),
        )
        for client, label, role, entries, logs, written, about, received in store.all(_CLIENTS, Audience.RECORD.value)
    ]


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
