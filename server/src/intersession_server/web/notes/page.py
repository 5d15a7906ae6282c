"""The page of the care team's notes on one client, and what its forms are sent to."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET, Struct, UnsetType

from intersession_server.accounts.people import names_of
from intersession_server.projections import reading
from intersession_server.projections.chart.notes import notes
from intersession_server.projections.timeline.rows import subjects
from intersession_server.projections.windows import Window, place_text, read_place
from intersession_server.web.client.shell import Shell, shell_of
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.notes.views import NoteCard, note_card
from intersession_server.web.page.live_page import live_page
from intersession_server.web.record.care.notes import chart_of, note_changed, noted
from intersession_server.web.record.changes import Heads, heads_of
from intersession_server.web.record.disclosure import note_chart_read
from intersession_server.web.timeline.items import Surroundings, about_of
from intersession_server.work import effort

NOTES_PER_PAGE = 30

Before = Annotated[str | None, QueryParameter(max_length=200)]
About = Annotated[UUID | None, QueryParameter(description="What a new note is about.")]


class NotesPage(Struct, frozen=True, kw_only=True):
    """What the page shows. `about` is what a new note is about: its id, its address and its words."""

    shell: Shell
    notes: list[NoteCard]
    older: str | None
    newest: str | None
    about: UUID | None = None
    about_words: tuple[str, str] | None = None


class SentNote(Struct, frozen=True):
    """What the form of a note sends."""

    text: str
    about: UUID | None = None
    based_on: Heads | UnsetType = UNSET


@live_page("/clients/{client:uuid}/notes", "notes/notes.html")
async def notes_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    before: Before = None,
    about: About = None,
) -> NotesPage:
    """What the care team keeps to itself about a client, the newest first; `before` goes back in it."""
    chart = chart_of(client_access)
    asked = {"before": before, "about": None if about is None else str(about)}
    shell = await shell_of(services, session, client_access, "notes", asked)
    through = (await reading.throughs([chart]))[chart]
    place = None if before is None else read_place(before)
    found = await notes(client_access.client, Window(NOTES_PER_PAGE, place))
    named = {one.note.about for one in found.items} | {about}
    told = await _told(shell, [id_ for id_ in named if id_ is not None])
    names = await names_of(list({one.author for one in found.items}))
    zone = shell.local.tzinfo
    assert zone is not None
    here = f"{shell.here}/notes"
    view = NotesPage(
        shell=shell,
        notes=await effort.in_thread(
            lambda: [note_card(one, names, session.person, zone, told) for one in found.items]
        ),
        older=None if found.last is None else f"{here}?before={place_text(found.last)}",
        newest=here if before is not None else None,
        about=about if about in told else None,
        about_words=None if about is None else told.get(about),
    )
    await note_chart_read(services, session, client_access, chart, through)
    return view


async def _told(shell: Shell, ids: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """What notes are about: address and words, by id."""
    if not ids:
        return {}
    zone = shell.local.tzinfo
    assert zone is not None
    found, kinds = await subjects(shell.access.client, ids)
    around = Surroundings(here=shell.here, client=shell.access.client, names={}, zone=zone)
    told = {id_: about_of(one, kinds[id_], around) for id_, one in found.items()}
    return {id_: one for id_, one in told.items() if one is not None}


@form("/clients/{client:uuid}/notes")
async def write_note(form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess) -> str:
    """Write a note; then back to them."""
    sent = form.read(SentNote)
    await noted(services, session, client_access, sent.text, sent.about)
    return f"/clients/{client_access.client}/notes"


@form("/clients/{client:uuid}/notes/{document:uuid}")
async def edit_note(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    document: FromPath[UUID],
) -> str:
    """Change a note of one's own; then back to it."""
    sent = form.read(SentNote)
    await note_changed(services, session, client_access, document, sent.text, heads_of(sent))
    return f"/clients/{client_access.client}/notes#note-{document}"


def notes_router() -> Router:
    """The page, and what its forms are sent to."""
    return Router("/", route_handlers=[*notes_page, write_note, edit_note])
