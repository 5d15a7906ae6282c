"""What pages and the HTTP API read of the care team's notes. Nothing here knows who asks, as in `reading`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from piccolo.custom_types import Combinable

from intersession_schemas.records.instants import from_micros
from intersession_schemas.records.kinds import read_model
from intersession_schemas.streams import Kind
from intersession_server.projections import bounded
from intersession_server.projections.read_models import NoteView
from intersession_server.projections.tables import ChartNote
from intersession_server.projections.windows import DocumentPage, Place, Window
from intersession_server.work import effort


async def notes(client: UUID, window: Window) -> DocumentPage[NoteView]:
    """The notes on a client, the newest first; of `window` its limit and place count."""
    conditions: list[Combinable] = [ChartNote.client == client]
    if (after := window.after) is not None:
        # The first condition says nothing new; it lets the database begin there.
        conditions += [
            ChartNote.moment <= after.moment,
            (ChartNote.moment < after.moment) | (ChartNote.document < after.id),
        ]
    order, texts = (ChartNote.moment, ChartNote.document), (ChartNote.model, ChartNote.heads)
    rows, cut = await bounded.newest(ChartNote, conditions, order, texts, window.limit + 1)
    more = cut or len(rows) > window.limit
    rows = rows[: window.limit]
    views = await effort.in_thread(lambda: [_note(row) for row in rows])
    return DocumentPage(views, Place(rows[-1]["moment"], rows[-1]["document"]) if more else None)


def _note(row: dict[str, Any]) -> NoteView:
    return NoteView(
        id=row["document"],
        author=row["author"],
        arrived_at=from_micros(row["arrived_at"]),
        changed_by=row["changed_by"],
        changed_at=from_micros(row["changed_at"]),
        heads=msgspec.json.decode(row["heads"], type=list[str]),
        note=read_model(Kind.NOTE, row["model"]),
    )
