"""What the routes about a client's record share that write: where, how, and what they answer when it is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from litestar import Response
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from intersession_schemas.documents.comments import Comment
from intersession_schemas.documents.goals import Goal
from intersession_schemas.documents.resources import Resource
from intersession_schemas.errors import DocumentError
from intersession_schemas.streams import Kind
from intersession_server.access import AnyRequest
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.edge.defences import EXCEPTION_HANDLERS, ErrorBody
from intersession_server.errors import Refused
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.services import Services
from intersession_server.web.api import CLIENT_ANSWERS
from intersession_server.web.changes import changed, heads_of
from intersession_server.web.writing import DraftChange, WriteTarget, change_draft, new_draft, write

_REFUSALS = {
    "unknown_stream": 403,
    "unknown_kind": 403,
    "not_writer": 403,
    "too_large": 413,
    "too_many_operations": 413,
    "bad_change": 409,
    "busy": 503,
    "rate_limited": 503,
    "storage_failed": 503,
}
WRITE_ANSWERS = {
    **CLIENT_ANSWERS,
    403: ResponseSpec(ErrorBody, description="This account may not write that, or the CSRF token is missing."),
    409: ResponseSpec(ErrorBody, description="The document was withdrawn, or has no version `based_on`."),
    413: ResponseSpec(ErrorBody, description="The document would be too large."),
}
READ: dict[str, Any] = {"opt": {"access": "client-record"}, "responses": CLIENT_ANSWERS}
WRITE: dict[str, Any] = {"opt": {"access": "client-record"}, "responses": WRITE_ANSWERS}
CHANGE: dict[str, Any] = {**WRITE, "status_code": 200}


def target_of(access: ClientAccess) -> WriteTarget:
    """Where the documents of a client's record are written."""
    return WriteTarget(access.record_stream, access.client)


async def now_of(services: Services, access: ClientAccess) -> datetime:
    """Now, on the client's own clock: days are theirs."""
    return await record_reading.local_now(access.client, services.clock())


async def today_of(access: ClientAccess, now: datetime) -> date:
    """The client's local day at `now` on their own clock; it begins at the hour that their plan says."""
    return (await record_reading.agreed(access.client)).day_of(now)


def new_id() -> str:
    """An id for an element."""
    return str(uuid4())


async def made(
    services: Services, session: CurrentSession, access: ClientAccess, kind: Kind, value: Goal | Resource | Comment
) -> DraftChange:
    """A new document, written."""
    now = services.clock()
    draft = new_draft(session, kind, msgspec.structs.replace(value, made_at=now.astimezone(UTC)), now)
    await write(services, session, target_of(access), [draft])
    return draft


async def made_change(
    services: Services, session: CurrentSession, access: ClientAccess, kind: Kind, id_: UUID, change: Struct
) -> DraftChange:
    """A document with a change, written."""

    def apply(before: Any) -> Any:
        return changed(before, change, new_id)

    draft = await change_draft(services, session, target_of(access), kind, id_, apply, heads_of(change))
    await write(services, session, target_of(access), [draft])
    return draft


def on_refused(request: AnyRequest, error: Refused) -> Response[ErrorBody]:
    """The answer to a write that was refused: the codes of the wire, as what they are in HTTP."""
    status = _REFUSALS.get(error.code)
    if status is None:
        answer: Response[ErrorBody] = EXCEPTION_HANDLERS[Refused](request, error)
        return answer
    return Response(ErrorBody(error.code, str(error)), status_code=status, media_type="application/json")


def _on_document_error(_: AnyRequest, error: DocumentError) -> Response[ErrorBody]:
    return Response(
        ErrorBody(error.code, str(error)), status_code=_REFUSALS.get(error.code, 409), media_type="application/json"
    )


WRITE_HANDLERS: dict[type[Exception] | int, Any] = {
    Refused: on_refused,
    DocumentError: _on_document_error,
}
