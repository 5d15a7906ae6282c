"""The HTTP API of the care team's notes on a client. The client never gets them; the grant of the chart decides."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, patch, post
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from intersession_server.projections import reading
from intersession_server.projections.chart.notes import notes
from intersession_server.projections.read_models import NoteView
from intersession_server.projections.windows import MAX_LIMIT, Window, place_text, read_place
from intersession_server.web.api.lists import Before, Limit
from intersession_server.web.api.records import CHANGE, READ, WRITE
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.record.care.notes import chart_of, note_changed, noted
from intersession_server.web.record.changes import Heads, heads_of
from intersession_server.web.record.disclosure import note_chart_read

TAGS = ["notes"]
NoteText = Annotated[str, Meta(max_length=12_000)]


class NewNote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A note for the care team, about a document of this client's record if that is given."""

    text: NoteText
    about: UUID | None = None


class NoteChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another text of a note."""

    text: NoteText
    based_on: Heads | UnsetType = UNSET


class ChartNotes(Struct, frozen=True):
    """The care team's notes, the newest first."""

    items: list[NoteView]
    next: str | None = None


@get("/notes", **READ, tags=TAGS)
async def client_notes(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    limit: Limit = MAX_LIMIT,
    before: Before = None,
) -> ChartNotes:
    """The care team's notes on a client. The client cannot read them."""
    chart = chart_of(client_access)
    through = (await reading.throughs([chart]))[chart]
    page = await notes(client_access.client, Window(limit, None if before is None else read_place(before)))
    await note_chart_read(services, session, client_access, chart, through)
    return ChartNotes(page.items, None if page.last is None else place_text(page.last))


@post("/notes", **WRITE, tags=TAGS)
async def make_note(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, data: JSONBody[NewNote]
) -> NoteView:
    """Write a note for the care team. The client cannot read it."""
    draft = await noted(services, session, client_access, data.text, data.about)
    return NoteView(**msgspec.structs.asdict(draft.record), note=draft.value)


@patch("/notes/{document:uuid}", **CHANGE, tags=TAGS)
async def change_note(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    document: FromPath[UUID],
    data: JSONBody[NoteChange],
) -> NoteView:
    """Change the text of a note; only its author may."""
    draft = await note_changed(services, session, client_access, document, data.text, heads_of(data))
    return NoteView(**msgspec.structs.asdict(draft.record), note=draft.value)


HANDLERS = (client_notes, make_note, change_note)
