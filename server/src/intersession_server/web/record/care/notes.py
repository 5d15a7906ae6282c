"""The notes of a care team on a client, for the API and the page: in the chart, which the client never gets."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from litestar.exceptions import NotFoundException
from msgspec.structs import replace

from intersession_schemas.documents.care.comments import Note
from intersession_schemas.streams import Kind
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.services import Services
from intersession_server.web.record.writing import DraftChange, WriteTarget, change_draft, new_draft, rows_in, write


def chart_of(access: ClientAccess) -> UUID:
    """The chart of a client, where this therapist may read it now. Raises `NotFoundException` where not."""
    if access.chart_stream is None:
        raise NotFoundException
    return access.chart_stream


async def noted(
    services: Services, session: CurrentSession, access: ClientAccess, text: str, about: UUID | None = None
) -> DraftChange:
    """A new note, about a document of the record where that is given.

    Raises `Refused` where the record has no such document, `InvalidField` for a note without words.
    """
    chart = chart_of(access)
    if about is not None:
        await rows_in(services, WriteTarget(access.record_stream, access.client), about)
    now = await record_reading.local_now(access.client, services.clock())
    draft = new_draft(session, Kind.NOTE, Note(text=text, about=about, made_at=now), now)
    await write(services, session, WriteTarget(chart, access.client), [draft])
    return draft


async def note_changed(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    id_: UUID,
    text: str,
    based_on: Sequence[bytes] | None,
) -> DraftChange:
    """A note with another text; only its author may change it. Raises as `change_draft` and `write` do."""
    target = WriteTarget(chart_of(access), access.client)

    def change(before: Note) -> Note:
        return replace(before, text=text)

    draft = await change_draft(services, session, target, Kind.NOTE, id_, change, based_on)
    await write(services, session, target, [draft])
    return draft
