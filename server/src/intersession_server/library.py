"""What stands in a practice's library. It is small, and read from the log when somebody asks: no read model is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments.wordings import Wording
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.kinds import SHAPES
from intersession_schemas.streams import Kind
from intersession_server.log.store import LogStore
from intersession_server.work import effort

_READER = bytes(16)
_ROWS_AT_ONCE = 500


class Shelved(Struct, frozen=True, kw_only=True):
    """A document of a library: what it says, its first row's `seq` and its latest changes (`heads`)."""

    id: UUID
    author: UUID
    seq: int
    arrived_at: datetime
    changed_by: UUID
    changed_at: datetime
    heads: list[str]
    value: Any


async def shelved(log: LogStore, library: UUID, kind: Kind) -> list[Shelved]:
    """The documents of a kind in a library, oldest first. What cannot be read says so in its problems."""
    rows: list[Row] = []
    through = 0
    while some := await log.stream_rows(library, through, _ROWS_AT_ONCE):
        through = some[-1].seq
        rows += [row for row in some if row.kind == kind]
    # In a thread: many documents take long enough to hold up the event loop.
    return await effort.in_thread(_read, kind, rows)


async def wordings(log: LogStore, library: UUID) -> dict[str, Wording]:
    """The wording of each instrument that a practice offers, by the instrument's key: of several the newest."""
    return {one.value.key: one.value for one in await shelved(log, library, Kind.INSTRUMENT) if one.value.prompts}


def _read(kind: Kind, rows: Sequence[Row]) -> list[Shelved]:
    held: dict[UUID, list[Row]] = {}
    for row in rows:
        held.setdefault(row.document, []).append(row)
    found = []
    for id_, its_rows in held.items():
        changes = [row for row in its_rows if row.type is RowType.CHANGE and row.change]
        if changes and not any(row.type is RowType.ERASURE for row in its_rows):
            found.append(_shelved(kind, id_, changes))
    return found


def _shelved(kind: Kind, id_: UUID, changes: Sequence[Row]) -> Shelved:
    shape, document = SHAPES[kind], Document.new(_READER)
    try:
        document.apply([row.change for row in changes])
        value, heads = shape.read(document), [head.hex() for head in document.heads]
    except DocumentError:
        value, heads = shape.model(problems=("document: could not be read",)), []
    return Shelved(
        id=id_,
        author=changes[0].author,
        seq=changes[0].seq,
        arrived_at=changes[0].received_at,
        changed_by=changes[-1].author,
        changed_at=changes[-1].received_at,
        heads=heads,
        value=value,
    )
