"""What the form of a comment is sent to."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.record.care.commenting import commented
from intersession_server.web.timeline.filters import anchor, back_to


class SentComment(Struct, frozen=True):
    """What the form sends: the document, and what to say. `back` is the address of the page that it is on."""

    on: UUID
    text: str
    back: str = ""


@form("/clients/{client:uuid}/comments")
async def comment(form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess) -> str:
    """Comment on a document; then back to it on the timeline."""
    sent = form.read(SentComment)
    await commented(services, session, client_access, sent.on, sent.text)
    return f"{back_to(client_access.client, sent.back)}#{anchor(sent.on)}"
