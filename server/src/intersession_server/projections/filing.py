"""From the log's rows of one document to what briefs and signals are made from. Pure.

Devices make the same of the same rows, so what is made from it is the same there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.changes import read_change
from intersession_schemas.documents.plan import Plan
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.filing import Brought, NotAccepted, Rows, Unreadable, parts_of, plan_of, rows_of
from intersession_schemas.records.kinds import IN_RECORDS, load, read
from intersession_schemas.streams import Kind


class Filing(Struct, frozen=True):
    """A document (its id, kind, read model and rows), and when each of its authors was last heard with a change.

    `document` is None where there is nothing of it but what was set aside (`not_accepted`), or nothing to be read.
    """

    document: tuple[UUID, Kind, Struct, Rows] | None
    heard: Mapping[UUID, datetime] = {}
    not_accepted: tuple[NotAccepted, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


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
    if not changes or any(row.type is RowType.ERASURE for row in rows) or changes[0].kind not in IN_RECORDS:
        return None
    first = changes[0]
    heard: dict[UUID, datetime] = {}
    for row in changes:
        heard[row.author] = max(row.received_at, heard.get(row.author, row.received_at))
    kind = Kind(first.kind)
    try:
        document = load([row.change for row in changes])
        model = read(kind, document)
    except DocumentError:
        return Filing(None, heard, unreadable=(Unreadable(kind=first.kind, id=first.document),))
    parts = parts_of(document, model, map(_brought, changes))
    held = rows_of([(row.seq, row.author, row.received_at) for row in changes], parts)
    return Filing((first.document, kind, model, held), heard)


def plan_at(rows: Sequence[Row], at: datetime) -> Plan:
    """The plan as those of its rows say that had arrived by `at`; an empty one where none had."""
    return plan_of([row.change for row in rows if row.type is RowType.CHANGE and row.change and row.received_at <= at])


def _brought(row: Row) -> Brought:
    change = read_change(row.change)
    return change.actor, change.start_op, change.operations, row.received_at
