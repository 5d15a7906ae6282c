"""What the form of a signal is sent to."""

from __future__ import annotations

from msgspec import Struct

from intersession_server.errors import Refused
from intersession_server.language.language import say
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.record.care.acknowledging import acknowledged


class SentAcknowledgement(Struct, frozen=True):
    """What the form sends: the signal, what was done about it, and what only the care team is to read of it."""

    signal: str
    note: str = ""
    team_note: str = ""


@form("/clients/{client:uuid}/signals")
async def acknowledge_signal(
    form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess
) -> str:
    """Acknowledge a signal, by its form; then back to the client's page.

    Where it is gone already, that is enough, unless something was written about it.
    """
    sent = form.read(SentAcknowledgement)
    try:
        await acknowledged(services, session, client_access, sent.signal, sent.note, team_note=sent.team_note)
    except Refused as refusal:
        if refusal.code != "not_found":
            raise
        if sent.note.strip() or sent.team_note.strip():
            gone = say("This signal is no longer there, so nothing was saved. Write a note instead.")
            raise Refused("not_found", gone) from None
    return f"/clients/{client_access.client}"
