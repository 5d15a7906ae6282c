"""One record as material for briefs and signals: what every document says, and when its rows arrived.

The server builds the same from the same rows. Functions work on an open store, under the replica's lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from intersession.documents import journal_rows, records, stored
from intersession.documents.documents import Documents
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.measures.material import Cut, Material, begins, material
from intersession_schemas.records.filing import Confirmed, FiledRows, NotAccepted, parts_of, plan_of, rows_of
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.records.provenance import Provenance
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

_Filed = tuple[UUID, Kind, Struct, FiledRows]
_OF_STREAM = """
    SELECT d.position, d.id, d.kind FROM documents d WHERE d.stream = ? AND NOT d.erased
"""
_TO_BE_SHARED = "SELECT position, id, kind FROM documents WHERE stream IS NULL AND wish = 1 AND NOT erased"


def build(store: Store, documents: Documents, stream: bytes, cut: Cut, session: UUID | None = None) -> Material:
    """The material of a record as it is here, with the plan as it was when the brief for `session` begins."""
    filed = list(_filed(store, documents, store.all(_OF_STREAM, stream)))
    beginning = begins(material(filed), cut, session)
    return material(
        filed,
        plan_then=_plan_at(store, stream, beginning.at),
        heard_at=_heard_at(store, stream),
        not_accepted=_not_accepted(store, stream),
    )


def build_own(store: Store, documents: Documents, kinds: frozenset[Kind]) -> Material:
    """What a client's own device holds of some kinds, what waits to be shared included."""
    stream = stored.record_stream(store)
    rows = store.all(_TO_BE_SHARED) + (store.all(_OF_STREAM, stream) if stream is not None else [])
    return material(_filed(store, documents, [row for row in rows if row[2] in kinds]))


def heads(store: Store, stream: bytes | None) -> dict[str, int]:
    """The last row that is here of a stream, as a cut names it."""
    found = store.one("SELECT cursor FROM streams WHERE id = ?", stream)
    return {} if found is None or stream is None else {str(UUID(bytes=stream)): found[0]}


def _filed(store: Store, documents: Documents, rows: list[tuple[int, bytes, str]]) -> Iterator[_Filed]:
    for position, id, name in rows:
        if name not in MODELS:
            continue
        kind = Kind(name)
        model = _model(store, documents, position, kind)
        if model is None:
            continue
        parts: Mapping[str, datetime | None] = {}
        if kind is Kind.SYMPTOM_LOG:
            parts = _logs_arrived(store, position)
        elif isinstance(model, Assessment):
            document = documents.read(position)
            parts = parts_of(document, model, partial(_brought(store, position).of, document))
        yield UUID(bytes=id), kind, model, rows_of(_confirmed(store, position), parts)


def _model(store: Store, documents: Documents, position: int, kind: Kind) -> Struct | None:
    """What a document says; None for one whose rows have not been applied yet, or do not apply."""
    if kind is Kind.JOURNAL_ENTRY:
        return journal_rows.entry_model(store, position)
    if kind is Kind.SYMPTOM_LOG:
        return symptoms.read(documents.read(position))
    return records.model(store, kind, position)


def _confirmed(store: Store, position: int) -> list[Confirmed]:
    rows = store.all(
        "SELECT seq, author, received_at FROM changes WHERE document = ? AND seq IS NOT NULL ORDER BY seq", position
    )
    return [(seq, UUID(bytes=author), from_micros(received)) for seq, author, received in rows]


def _brought(store: Store, position: int) -> Provenance[datetime | None]:
    rows = store.all("SELECT actor, start_op, operations, received_at FROM changes WHERE document = ?", position)
    return Provenance((actor, start, operations, _moment(received)) for actor, start, operations, received in rows)


def _logs_arrived(store: Store, position: int) -> dict[str, datetime | None]:
    """As `parts_of` finds them: the change that brought a log is in its row."""
    rows = store.all(
        "SELECT l.log, c.received_at FROM symptom_logs l LEFT JOIN changes c ON c.position = l.change"
        " WHERE l.document = ?",
        position,
    )
    return {str(UUID(bytes=log)): _moment(received) for log, received in rows}


def _plan_at(store: Store, stream: bytes, at: datetime) -> Plan | None:
    """The plan as its rows said that had arrived by then; None while there is no plan here."""
    row = store.one("SELECT position FROM documents WHERE stream = ? AND kind = ?", stream, Kind.PLAN.value)
    if row is None:
        return None
    arrived = {
        hash
        for (hash,) in store.all(
            "SELECT hash FROM changes WHERE document = ? AND received_at <= ?", row[0], to_micros(at)
        )
    }
    changes = stored.applicable([one for one in stored.changes_of(store, row[0]) if one.hash in arrived])
    return plan_of([one.data for one in changes])


def _not_accepted(store: Store, stream: bytes) -> list[NotAccepted]:
    """What was sent for assessments and set aside."""
    return [
        NotAccepted(document=UUID(bytes=id), seq=seq, author=UUID(bytes=author), received_at=from_micros(received))
        for id, seq, author, received in store.all(
            "SELECT document, seq, author, received_at FROM not_accepted WHERE stream = ?", stream
        )
    ]


def _heard_at(store: Store, stream: bytes) -> datetime | None:
    """When the newest row of the client's own arrived."""
    row = store.one(
        "SELECT max(c.received_at) FROM streams s JOIN documents d ON d.stream = s.id"
        " JOIN changes c ON c.document = d.position WHERE s.id = ? AND c.author = s.client",
        stream,
    )
    return None if row is None else _moment(row[0])


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
