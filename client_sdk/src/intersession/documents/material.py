"""One record as material for briefs and signals: what every document says, and when its rows arrived.

The server builds the same from the same rows. Functions work on an open store, under the replica's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cachetools import LRUCache
from msgspec import Struct

from intersession.documents import journal_rows, records, stored
from intersession.documents.documents import Documents
from intersession.documents.kept.touched import ALL, LOG, TouchedRows
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.measures.material import Cut, Material, begins, material
from intersession_schemas.records.filing import FiledRows, NotAccepted, parts_of, plan_of, rows_of
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.records.provenance import Provenance
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

MOST_FILED = 10_000
"""Documents, of all records together."""
MOST_TOUCHED = 500
"""From more of them on that were written meanwhile, all are filed again."""
_Filed = tuple[UUID, Kind, Struct, FiledRows]
_ROW = "SELECT position, id, kind FROM documents"
_OF_STREAM = " WHERE stream = ? AND NOT erased"
_OWN = " WHERE (stream = ? OR (stream IS NULL AND wish = 1)) AND NOT erased"


def build(store: Store, documents: Documents, stream: bytes, cut: Cut, session: UUID | None = None) -> Material:
    """The material of a record as it is here, with the plan as it was when the brief for `session` begins."""
    kept = store.kept(FiledDocuments)
    held = kept.of(documents, stream, _OF_STREAM, None)
    filed = [one.filed for one in held.documents.values() if one.filed is not None]
    beginning = begins(material(one for one in filed if one[1] is Kind.SESSION), cut, session)
    return held.made(
        material(
            filed,
            plan_then=_plan_at(store, stream, beginning.at),
            heard_at=held.heard_at,
            not_accepted=_not_accepted(store, stream),
        )
    )


def build_own(store: Store, documents: Documents, kinds: frozenset[Kind]) -> Material:
    """What a client's own device holds of some kinds, what waits to be shared included."""
    held = store.kept(FiledDocuments).of(documents, stored.record_stream(store), _OWN, kinds)
    return held.made(material(one.filed for one in held.documents.values() if one.filed is not None))


class _Document(Struct, frozen=True):
    """A document as it is filed (None: nothing can be read of it), and when the last row of the client's own came."""

    filed: _Filed | None
    heard_at: datetime | None


class _Held(Struct):
    """The documents of a record by position, and what was made of them last."""

    documents: dict[int, _Document]
    last: Material | None = None

    @property
    def heard_at(self) -> datetime | None:
        """When the newest row of the client's own arrived."""
        return max((one.heard_at for one in self.documents.values() if one.heard_at is not None), default=None)

    def made(self, made: Material) -> Material:
        """This material, with what need not be worked out again."""
        if self.last is not None:
            made.take_over(self.last)
        self.last = made
        return made


class FiledDocuments:
    """The documents of records as they were filed last: again only those that were written since.

    Not thread-safe: every call must hold the replica's lock.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: LRUCache[tuple[bytes | None, str, frozenset[str] | None], _Held] = LRUCache(
            MOST_FILED, lambda one: min(MOST_FILED, 1 + len(one.documents))
        )
        self._touched: set[int] = set()
        store.kept(TouchedRows).listen(self._note)

    def _note(self, what: int, first: Any, _: object) -> None:
        if what == LOG or not self._held:
            return
        self._touched.add(first)
        if what == ALL or len(self._touched) > MOST_TOUCHED:
            self._held.clear()
            self._touched.clear()

    def of(self, documents: Documents, stream: bytes | None, where: str, kinds: Collection[str] | None) -> _Held:
        """All documents that `where` gives for a stream: of all kinds, or of these."""
        touched, self._touched = self._touched, set()
        for (of, which, among), held in list(self._held.items()):
            client = _client_of(self._store, of)
            for position in touched:
                row = self._store.one(f"{_ROW}{which} AND position = ?", of, position)
                held.documents.pop(position, None)
                if row is not None and (among is None or row[2] in among):
                    held.documents[position] = _filed(self._store, documents, row, client)
        among = None if kinds is None else frozenset(map(str, kinds))
        key = (stream, where, among)
        found = self._held.get(key)
        if found is None:
            client = _client_of(self._store, stream)
            rows = [row for row in self._store.all(_ROW + where, stream) if among is None or row[2] in among]
            found = _Held({row[0]: _filed(self._store, documents, row, client) for row in rows})
            self._held[key] = found
        return found


def _client_of(store: Store, stream: bytes | None) -> bytes | None:
    row = store.one("SELECT client FROM streams WHERE id = ?", stream)
    return None if row is None else row[0]


def heads(store: Store, stream: bytes | None) -> dict[str, int]:
    """The last row that is here of a stream, as a cut names it."""
    found = store.one("SELECT cursor FROM streams WHERE id = ?", stream)
    return {} if found is None or stream is None else {str(UUID(bytes=stream)): found[0]}


def _filed(store: Store, documents: Documents, row: tuple[int, bytes, str], client: bytes | None) -> _Document:
    position, id, name = row
    kind = Kind(name) if name in MODELS else None
    model = None if kind is None else _model(store, documents, position, kind)
    parts: Mapping[str, datetime | None] = {}
    if kind is Kind.SYMPTOM_LOG:
        parts = _logs_arrived(store, position)
    elif isinstance(model, Assessment):
        document = documents.read(position)
        parts = parts_of(document, model, partial(_brought(store, position).of, document))
    confirmed = store.all(
        "SELECT seq, author, received_at FROM changes WHERE document = ? AND seq IS NOT NULL ORDER BY seq", position
    )
    rows = [(seq, UUID(bytes=author), from_micros(received)) for seq, author, received in confirmed]
    heard = max((received for _, author, received in confirmed if author == client), default=None)
    filed = None if kind is None or model is None else (UUID(bytes=id), kind, model, rows_of(rows, parts))
    return _Document(filed, _moment(heard))


def _model(store: Store, documents: Documents, position: int, kind: Kind) -> Struct | None:
    """What a document says; None for one whose rows have not been applied yet, or do not apply."""
    if kind is Kind.JOURNAL_ENTRY:
        return journal_rows.entry_model(store, position)
    if kind is Kind.SYMPTOM_LOG:
        return symptoms.read(documents.read(position))
    return records.model(store, kind, position)


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


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
