"""Acknowledging a signal, for the API and the page."""

from __future__ import annotations

from intersession_schemas.documents.care.comments import Acknowledgement
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.streams import Kind
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.services import Services
from intersession_server.web.record.as_of import asked
from intersession_server.web.record.writing import DraftChange, WriteTarget, new_draft, not_found, write
from intersession_server.work import effort


async def acknowledged(
    services: Services, session: CurrentSession, access: ClientAccess, signal: str, note: str, zone: str | None = None
) -> DraftChange:
    """A signal, acknowledged. Raises `Refused` (`not_found`) where there is no such signal now."""
    what = await asked(services, access, zone=zone)
    if signal not in {one.id for one in await effort.in_thread(signals, what.material, what.cut)}:
        raise not_found()
    now = await record_reading.local_now(access.client, services.clock())
    draft = new_draft(session, Kind.ACKNOWLEDGEMENT, Acknowledgement(signal=signal, note=note, made_at=now), now)
    await write(services, session, WriteTarget(access.record_stream, access.client), [draft])
    return draft
