"""From the log's rows of one document to what briefs and signals are made from. Pure.

Devices make the same of the same rows, so what is made from it is the same there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.crdt import Document
from intersession_schemas.documents import journal, symptoms
from intersession_schemas.documents.plan import PLAN, Plan
from intersession_schemas.errors import DocumentError
from intersession_schemas.measures.material import NotAccepted, Rows, Unreadable
from intersession_schemas.messages import Row, RowType
from intersession_schemas.streams import Kind
from intersession_server.projections.documents import RECORDS, Bringers, load


class Filing(Struct, frozen=True):
    """A document (its id, kind, read model and rows), and when each of its authors was last heard with a change.

    `document` is None where there is nothing of it but what was set aside (`not_accepted`), or nothing to be read.
    """

    document: tuple[UUID, Kind, Struct, Rows] | None
    heard: Mapping[UUID, datetime] = {}
    not_accepted: tuple[NotAccepted, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


_TOLD = frozenset({Kind.JOURNAL_ENTRY, Kind.SYMPTOM_LOG, *RECORDS})
"""The kinds that a brief tells of."""
_IN_MAPS = ("draft", "completions")


def filing(rows: Sequence[Row]) -> Filing | None:
    """What is filed of a document; `rows` are its applied log rows in order.

    None for one that was erased, or is of a kind that no brief tells of.
    """
    aside = tuple(
        NotAccepted(document=row.document, seq=row.seq, author=row.author, received_at=row.received_at)
        for row in rows
        if row.type is RowType.QUARANTINE and row.kind == Kind.ASSESSMENT
    )
    found = _filing(rows)
    if not aside:
        return found
    return Filing(None, not_accepted=aside) if found is None else replace(found, not_accepted=aside)


def _filing(rows: Sequence[Row]) -> Filing | None:
    changes = [row for row in rows if row.type is RowType.CHANGE and row.change]
    if not changes or any(row.type is RowType.ERASURE for row in rows) or changes[0].kind not in _TOLD:
        return None
    first, last = changes[0], changes[-1]
    heard: dict[UUID, datetime] = {}
    for row in changes:
        heard[row.author] = max(row.received_at, heard.get(row.author, row.received_at))
    try:
        document = load(changes)
        model = _model(first.kind, document)
    except DocumentError:
        return Filing(None, heard, unreadable=(Unreadable(kind=first.kind, id=first.document),))
    held = Rows(
        author=first.author,
        first_seq=first.seq,
        last_seq=last.seq,
        first_received_at=min(row.received_at for row in changes),
        last_received_at=max(row.received_at for row in changes),
        parts=_parts(first.kind, document, model, changes),
    )
    return Filing((first.document, Kind(first.kind), model, held), heard)


def plan_at(rows: Sequence[Row], at: datetime) -> Plan:
    """The plan as those of its rows say that had arrived by `at`; an empty one where none had."""
    there = [row for row in rows if row.type is RowType.CHANGE and row.change and row.received_at <= at]
    try:
        return PLAN.read(load(there)) if there else Plan()
    except DocumentError:
        return Plan()


def _model(kind: str, document: Document) -> Struct:
    match kind:
        case Kind.JOURNAL_ENTRY:
            return journal.read(document)
        case Kind.SYMPTOM_LOG:
            return symptoms.read(document)
        case _:
            model: Struct = RECORDS[kind].read(document)
            return model


def _parts(kind: str, document: Document, model: Struct, changes: Sequence[Row]) -> Mapping[str, datetime]:
    """When each part of a document arrived: logs of a bucket, answers and completions of an assessment."""
    if kind == Kind.SYMPTOM_LOG and isinstance(model, symptoms.Bucket):
        bringers = Bringers(changes)
        return {str(log.id): bringers.of(document, str(log.id)).received_at for log in model.logs}
    if kind != Kind.ASSESSMENT:
        return {}
    bringers, found = Bringers(changes), {}
    for name in _IN_MAPS:
        container = document.object(name, "map")
        if container is not None:
            for key in document.keys(container):
                found[key.rpartition("/")[2]] = bringers.of(document, key, container).received_at
    return found
