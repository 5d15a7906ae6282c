"""The HTTP API of the documents of a client's record: routes made from the table `record.resources`, one for each kind.

A change names only what it changes, and `based_on` the `heads` of the view it was made on: then it is merged with what
others changed since, as two devices' changes are. Without it, it is a change of the document as it is now. Every answer
to a write comes when that is durable, and holds the document as it is then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from intersession_schemas.errors import DocumentError
from intersession_server.access import AnyRequest
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.edge.defences import EXCEPTION_HANDLERS, ErrorBody
from intersession_server.errors import Refused
from intersession_server.passage import ClientAccess
from intersession_server.projections.windows import MAX_LIMIT, Window, place_text, read_place
from intersession_server.services import Services
from intersession_server.web.api.lists import CLIENT_ANSWERS, Before, Limit
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.record.as_of import through_of
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.documents import change_document, make_document
from intersession_server.web.record.resources import RESOURCES, RecordList

_REFUSALS = {
    "unknown_stream": 403,
    "unknown_kind": 403,
    "not_writer": 403,
    "too_large": 413,
    "too_many_operations": 413,
    "bad_change": 409,
    "removed_meanwhile": 409,
    "changed_meanwhile": 409,
    "busy": 503,
    "rate_limited": 503,
    "storage_failed": 503,
}
WRITE_ANSWERS = {
    **CLIENT_ANSWERS,
    403: ResponseSpec(ErrorBody, description="This account may not write that, or the CSRF token is missing."),
    409: ResponseSpec(ErrorBody, description="It was removed or changed meanwhile, or has no version `based_on`."),
    413: ResponseSpec(ErrorBody, description="The document would be too large."),
}
TAGS = ["records"]
READ: dict[str, Any] = {"opt": {"access": "client-record"}, "responses": CLIENT_ANSWERS}
WRITE: dict[str, Any] = {"opt": {"access": "client-record"}, "responses": WRITE_ANSWERS}
CHANGE: dict[str, Any] = {**WRITE, "status_code": 200}


# --- the routes of the table ------------------------------------------------------------------------------------------


def handlers() -> Iterator[HTTPRouteHandler]:
    """A list of every kind in the table; where it says so, new documents and changes of one."""
    for resource in RESOURCES:
        yield _list_of(resource)
        if resource.new is not None:
            yield _new_of(resource)
        if resource.change is not None:
            yield _change_of(resource)


def _list_of(resource: RecordList) -> HTTPRouteHandler:
    answer = _list_type(resource)

    async def documents(
        services: Services,
        session: CurrentSession,
        client_access: ClientAccess,
        limit: int = MAX_LIMIT,
        before: str | None = None,
    ) -> Any:
        return await documents_about(services, session, client_access, limit, before)

    async def documents_about(
        services: Services,
        session: CurrentSession,
        client_access: ClientAccess,
        limit: int = MAX_LIMIT,
        before: str | None = None,
        about: UUID | None = None,
    ) -> Any:
        through = await through_of(client_access)
        window = Window(limit=limit, after=None if before is None else read_place(before))
        page = await resource.page(client_access.client, services.clock(), window, about)
        await note_read(services, session, client_access, through, resource.action)
        items = [only(resource.item, one) for one in page.items] if resource.item else page.items
        return answer(items, None if page.last is None else place_text(page.last))

    takes: dict[str, Any] = {"limit": Limit, "before": Before}
    route: Any = documents
    if resource.about:
        about = QueryParameter(name=resource.about, description="Only those about this document.")
        route, takes["about"] = documents_about, Annotated[UUID | None, about]
    _described(route, f"list {resource.path}", resource.listed, takes, answer)
    return get(f"/{resource.path}", **READ, tags=TAGS)(route)


def _new_of(resource: RecordList) -> HTTPRouteHandler:
    async def make(services: Services, session: CurrentSession, client_access: ClientAccess, data: Any) -> Any:
        return await make_document(services, session, client_access, resource, data)

    said = f"Create one. {resource.listed}"
    takes = {"data": _body_of(resource.new)}
    _described(make, f"make {resource.path}", said, takes, resource.view)
    return post(f"/{resource.path}", **WRITE, tags=TAGS)(make)


def _change_of(resource: RecordList) -> HTTPRouteHandler:
    async def change(
        services: Services, session: CurrentSession, client_access: ClientAccess, document: UUID, data: Any
    ) -> Any:
        return await change_document(services, session, client_access, resource, document, data)

    takes = {"document": FromPath[UUID], "data": _body_of(resource.change)}
    _described(change, f"change {resource.path}", f"Change one. {resource.listed}", takes, resource.view)
    return patch(f"/{resource.path}/{{document:uuid}}", **CHANGE, tags=TAGS)(change)


def _described(function: Any, name: str, doc: str, takes: dict[str, Any], answer: Any) -> None:
    """Give a route made from the table the signature that Litestar reads, and the API's description shows."""
    parameters = {"services": GivenServices, "session": GivenSession, "client_access": GivenAccess, **takes}
    function.__name__ = "_".join(name.replace("-", " ").split())
    function.__doc__ = doc
    function.__annotations__ = {**parameters, "return": answer}


def _body_of(type_: type[Struct] | None) -> Any:
    body: Any = JSONBody
    return body[type_]


def _list_type(resource: RecordList) -> Any:
    """The answer of a list, under a name of its own in the API's description."""
    return msgspec.defstruct(
        f"{resource.heading.title().replace(' ', '')}List",
        [("items", list[resource.item or resource.view]), ("next", str | None, None)],  # type: ignore[misc]  # a type made from the table
        frozen=True,
        module=__name__,
        namespace={"__doc__": resource.listed},
    )


# --- what all routes that write share ---------------------------------------------------------------------------------


def only(type_: type[Struct], view: Struct) -> Struct:
    """The fields of a view that `type_` has."""
    return type_(**{name: getattr(view, name) for name in type_.__struct_fields__})


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
