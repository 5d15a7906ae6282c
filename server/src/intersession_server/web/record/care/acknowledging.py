"""Acknowledging a signal, for the API and the page."""

from __future__ import annotations

from intersession_schemas.documents.care.comments import Acknowledgement
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.streams import Kind
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.services import Services
from intersession_server.web.record.as_of import outlined
from intersession_server.web.record.care.notes import noted
from intersession_server.web.record.writing import DraftChange, WriteTarget, new_draft, not_found, write
from intersession_server.work import effort


async def acknowledged(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    signal: str,
    note: str,
    zone: str | None = None,
    team_note: str = "",
) -> DraftChange:
    """A signal, acknowledged; with `team_note`, which the client cannot read, among the notes of the care team.

    Raises `Refused` (`not_found`) where there is no such signal now.
    """
    what = await outlined(services, access, zone=zone)
    found = {one.id: one for one in await effort.in_thread(signals, what.material, what.cut)}
    if signal not in found:
        raise not_found()
    now = await record_reading.local_now(access.client, services.clock())
    draft = new_draft(session, Kind.ACKNOWLEDGEMENT, Acknowledgement(signal=signal, note=note, made_at=now), now)
    if team_note.strip():
        await noted(services, session, access, team_note, found[signal].about)
    await write(services, session, WriteTarget(access.record_stream, access.client), [draft])
    return draft
