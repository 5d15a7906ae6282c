"""One record as material for briefs and signals: what every document says, and when its rows arrived.

The server builds the same from the same rows. Functions work on an open store, under the replica's lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from intersession.replica import held, projections, records
from intersession.replica.instants import from_micros, to_micros
from intersession_schemas.crdt import ROOT, Document, ObjectId
from intersession_schemas.documents import symptoms
from intersession_schemas.documents.answers import answer_key
from intersession_schemas.documents.assessments import Assessment
from intersession_schemas.documents.kinds import PROJECTED
from intersession_schemas.documents.plan import PLAN, Plan
from intersession_schemas.measures.material import Cut, Material, NotAccepted, Rows, begins, material
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.replica.documents import Documents
    from intersession.replica.store import Store

Filed = tuple[UUID, Kind, Struct, Rows]
"""A document's id, kind and read model, and its rows."""
_READ_WHOLE = (Kind.JOURNAL_ENTRY, Kind.SYMPTOM_LOG)
_ROWS = """
    SELECT min(seq), max(seq), min(received_at), max(received_at),
        (SELECT author FROM changes f WHERE f.document = c.document AND f.seq IS NOT NULL ORDER BY f.seq LIMIT 1)
    FROM changes c WHERE document = ? AND seq IS NOT NULL
"""
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
    stream = held.record_stream(store)
    rows = store.all(_TO_BE_SHARED) + (store.all(_OF_STREAM, stream) if stream is not None else [])
    return material(_filed(store, documents, [row for row in rows if row[2] in kinds]))


def heads(store: Store, stream: bytes | None) -> dict[str, int]:
    """The last row that is here of a stream, as a cut names it."""
    found = store.one("SELECT cursor FROM streams WHERE id = ?", stream)
    return {} if found is None or stream is None else {str(UUID(bytes=stream)): found[0]}


def _filed(store: Store, documents: Documents, rows: list[tuple[int, bytes, str]]) -> Iterator[Filed]:
    for position, id, kind in rows:
        if kind not in PROJECTED and kind not in _READ_WHOLE:
            continue
        model = _model(store, documents, position, Kind(kind))
        if model is None:
            continue
        parts: Mapping[str, datetime] = {}
        if kind == Kind.SYMPTOM_LOG:
            parts = _logs_arrived(store, position)
        elif isinstance(model, Assessment):
            parts = _answers_arrived(store, documents.read(position), position, model)
        yield UUID(bytes=id), Kind(kind), model, _rows(store, position, parts)


def _model(store: Store, documents: Documents, position: int, kind: Kind) -> Struct | None:
    """What a document says; None for one whose rows have not been applied yet, or do not apply."""
    if kind is Kind.JOURNAL_ENTRY:
        return projections.entry_model(store, position)
    if kind is Kind.SYMPTOM_LOG:
        return symptoms.read(documents.read(position))
    return records.model(store, documents, kind, position)


def _rows(store: Store, position: int, parts: Mapping[str, datetime]) -> Rows:
    found = store.one(_ROWS, position)
    first, last, received, newest, author = found if found is not None else (None,) * 5
    return Rows(
        author=None if author is None else UUID(bytes=author),
        first_seq=first,
        last_seq=last,
        first_received_at=_moment(received),
        last_received_at=_moment(newest),
        parts=parts,
    )


def _logs_arrived(store: Store, position: int) -> dict[str, datetime]:
    rows = store.all(
        "SELECT l.log, c.received_at FROM symptom_logs l JOIN changes c ON c.position = l.change"
        " WHERE l.document = ? AND c.received_at IS NOT NULL",
        position,
    )
    return {str(UUID(bytes=log)): from_micros(received) for log, received in rows}


def _answers_arrived(store: Store, document: Document, position: int, model: Assessment) -> dict[str, datetime]:
    """When each answer of a draft and each completion arrived: with the change that wrote it."""
    changes = store.all(
        "SELECT actor, start_op, operations, received_at FROM changes WHERE document = ? AND received_at IS NOT NULL",
        position,
    )

    def arrived(key: str, container: ObjectId | None) -> datetime | None:
        origin = None if container is None else document.origin(key, container)
        if origin is None:
            return None
        actor, operation = origin
        return next(
            (from_micros(at) for by, start, count, at in changes if by == actor and start <= operation < start + count),
            None,
        )

    draft, completions = document.object("draft", "map", ROOT), document.object("completions", "map", ROOT)
    found = {str(one.id): arrived(str(one.id), completions) for one in model.completions}
    for given in (model.draft, model.overridden):
        for item, answers in given.items():
            found |= {str(one.id): arrived(answer_key(item, one.id), draft) for one in answers}
    return {id: at for id, at in found.items() if at is not None}


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
    changes = held.applicable([one for one in held.changes_of(store, row[0]) if one.hash in arrived])
    if not changes:
        return Plan()
    return PLAN.read(Document.load(b"".join(one.data for one in changes), bytes(16)))


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
