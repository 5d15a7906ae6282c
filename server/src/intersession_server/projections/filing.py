"""From the log's rows of one document to what briefs and signals are made from. Pure.

Devices make the same of the same rows, so what is made from it is the same there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.crdt import ObjectId
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.filing import FiledRows, NotAccepted, Unreadable, parts_of, plan_of
from intersession_schemas.records.kinds import IN_RECORDS
from intersession_schemas.streams import Kind
from intersession_server.projections.applied import Applied


class Filing(Struct, frozen=True):
    """A document (its id, kind, read model and rows), and when each of its authors was last heard with a change.

    `document` is None where there is nothing of it but what was quarantined (`not_accepted`), or nothing to be read.
    """

    document: tuple[UUID, Kind, Struct, FiledRows] | None
    heard: Mapping[UUID, datetime] = {}
    not_accepted: tuple[NotAccepted, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def filing(applied: Applied) -> Filing | None:
    """What is filed of a document; None for one that was erased, or is of a kind that no brief tells of."""
    aside = set_aside(applied)
    found = _filing(applied)
    if not aside:
        return found
    return Filing(None, not_accepted=aside) if found is None else replace(found, not_accepted=aside)


def set_aside(applied: Applied) -> tuple[NotAccepted, ...]:
    """What was sent for an assessment and set aside."""
    if applied.name != Kind.ASSESSMENT:
        return ()
    return tuple(
        NotAccepted(document=applied.id, seq=row.seq, author=row.author, received_at=row.received_at)
        for row in applied.history.aside
    )


def rows_filed(applied: Applied) -> FiledRows:
    """What is known of the rows of a document that can be read."""
    assert applied.document is not None

    def arrived(key: str, container: ObjectId) -> datetime | None:
        row = applied.brought(key, container)
        return None if row is None else row.received_at

    return FiledRows(
        author=applied.first.author,
        first_seq=applied.first.seq,
        last_seq=applied.last.seq,
        first_received_at=applied.history.earliest,
        last_received_at=applied.history.latest,
        parts=parts_of(applied.document, applied.model, arrived),
    )


def _filing(applied: Applied) -> Filing | None:
    if applied.kind is None or applied.kind not in IN_RECORDS:
        return None
    heard = dict(applied.history.heard)
    if applied.document is None:
        return Filing(None, heard, unreadable=(Unreadable(kind=applied.kind, id=applied.id),))
    return Filing((applied.id, applied.kind, applied.model, rows_filed(applied)), heard)


def plan_at(rows: Sequence[Row], at: datetime) -> Plan:
    """The plan as those of its rows say that had arrived by `at`; an empty one where none had."""
    return plan_of([row.change for row in rows if row.type is RowType.CHANGE and row.change and row.received_at <= at])
