"""Commenting on a document of a client's record, for the page."""

from __future__ import annotations

from uuid import UUID

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.streams import Kind
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.services import Services
from intersession_server.web.record.writing import DraftChange, WriteTarget, new_draft, rows_in, write


async def commented(
    services: Services, session: CurrentSession, access: ClientAccess, on: UUID, text: str
) -> DraftChange:
    """A comment on the document `on`. Raises `Refused` where the record has no such document, `InvalidField`."""
    target = WriteTarget(access.record_stream, access.client)
    await rows_in(services, target, on)
    now = await record_reading.local_now(access.client, services.clock())
    draft = new_draft(session, Kind.COMMENT, Comment(on=on, text=text, made_at=now), now)
    await write(services, session, target, [draft])
    return draft
