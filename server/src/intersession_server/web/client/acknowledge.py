"""What the form of a signal is sent to."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.response import Redirect

from intersession_server.access import AnyRequest
from intersession_server.errors import Refused
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.record.acknowledging import acknowledged


@post("/clients/{client:uuid}/signals", opt={"access": "client-record"}, include_in_schema=False)
async def acknowledge_signal(
    request: AnyRequest, services: GivenServices, session: GivenSession, client_access: GivenAccess
) -> Response[Any]:
    """Acknowledge a signal, by its form; then back to the client's page. Where it is gone already, that is enough."""
    form = await request.form()
    signal, note = (str(form.get(field, "")) for field in ("signal", "note"))
    try:
        await acknowledged(services, session, client_access, signal, note.replace("\r\n", "\n"))
    except Refused as refusal:
        if refusal.code != "not_found":
            raise
    return Redirect(f"/clients/{client_access.client}", status_code=303)
