"""The access rule of every route, enforced in one place. A route without a rule is served to nobody.

    @get("/api/clients", opt={"access": "therapist"})
    @get("/api/clients/{client:uuid}/entries", opt={"access": "client-record"})
    @get("/events", opt={"access": "therapist", "live": True})      # looks without keeping the session awake

Rules: `public`; `device` (a bearer token, checked where the websocket is opened); `therapist` (a browser session; its
CSRF token with every method that changes something); `client-record` (a therapist whom the log grants the record of
the path's `client` now; anybody else hears that there is no such client); `operator` (the token in the data folder).
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException, NotFoundException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from intersession_schemas.streams import CARE_TEAM
from intersession_server import passage
from intersession_server.accounts.audit import Action, record
from intersession_server.accounts.people import CLIENT
from intersession_server.accounts.sign_in import CurrentSession, csrf_matches
from intersession_server.accounts.tables import Person
from intersession_server.edge.defences import SAFE_METHODS
from intersession_server.edge.gate import note_signed_in
from intersession_server.passage import ClientAccess, Passage
from intersession_server.services import Services
from intersession_server.work import effort

RULES = frozenset({"public", "device", "therapist", "client-record", "operator"})
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
BROWSER_KNOWN_FOR = 400 * 24 * 3600
"""Seconds; browsers keep no cookie for longer."""

AnyConnection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]


async def enforce(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """The guard of the whole app: applies the route's rule, and leaves what it found in the connection's state."""
    passage.enter(None)
    await effort.serve(None)
    match handler.opt.get("access"):
        case "public" | "device":
            return
        case "therapist":
            await _therapist(connection, handler)
        case "client-record":
            session = await _therapist(connection, handler)
            access = await _client_access(connection, session)
            connection.scope["state"]["client_access"] = access
            path = str(connection.scope.get("path_template", ""))
            passage.enter(Passage(_services(connection), session, access, path))
        case "operator":
            _operator(connection)
        case _:
            raise PermissionDeniedException


def provide_session(request: AnyRequest) -> CurrentSession:
    """`session: NamedDependency[CurrentSession]`: the therapist who made this request.

    For routes with the rule `therapist` or `client-record`.
    """
    session: CurrentSession = request.scope["state"]["session"]
    return session


def provide_client_access(request: AnyRequest) -> ClientAccess:
    """`client_access: NamedDependency[ClientAccess]`: whose record this request reads.

    For routes with the rule `client-record`.
    """
    access: ClientAccess = request.scope["state"]["client_access"]
    return access


def session_cookie_name(*, https: bool) -> str:
    """The cookie that holds a browser session's token. With HTTPS its name forbids other hosts to set it."""
    return "__Host-intersession" if https else "intersession"


def session_cookie(token: str, *, https: bool) -> Cookie:
    """The cookie to set at sign-in; it goes when the browser closes. An empty token removes it."""
    return Cookie(
        key=session_cookie_name(https=https),
        value=token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=https,
        max_age=None if token else 0,
    )


def browser_cookie_name(*, https: bool) -> str:
    """The cookie by which a browser that has been signed in before is known again, and nothing else."""
    return "__Host-intersession-browser" if https else "intersession-browser"


def browser_cookie(token: str, *, https: bool) -> Cookie:
    """The cookie to set beside the session's; it outlives it."""
    return Cookie(
        key=browser_cookie_name(https=https),
        value=token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=https,
        expires=BROWSER_KNOWN_FOR,
    )


async def _therapist(connection: AnyConnection, handler: BaseRouteHandler) -> CurrentSession:
    services = _services(connection)
    token = connection.cookies.get(session_cookie_name(https=services.settings.https), "")
    live = bool(handler.opt.get("live", False))
    session = await services.sign_in.current(token, services.clock(), extend=not live)
    if session is None:
        raise NotAuthorizedException
    if isinstance(connection, Request) and connection.method not in SAFE_METHODS:
        given = connection.headers.get(CSRF_HEADER)
        if given is None and connection.content_type[0] in _FORMS:
            given = str((await connection.form()).get(CSRF_FIELD, ""))
        if given is None or not csrf_matches(session, given):
            raise PermissionDeniedException
    connection.scope["state"]["session"] = session
    note_signed_in(connection.scope)
    await effort.serve(services.hub.budgets.of(session.person, asyncio.get_running_loop().time()))
    return session


async def _client_access(connection: AnyConnection, session: CurrentSession) -> ClientAccess:
    """The log decides, not the assignment's row: what has ended there has ended here."""
    client = connection.path_params.get("client")
    if not isinstance(client, UUID):
        raise NotFoundException
    person = await Person.objects().where((Person.id == client) & (Person.role == CLIENT)).first()
    if person is None or person.record_stream is None:
        raise NotFoundException
    for grant in await _services(connection).log.grants_of(person.record_stream):
        if grant.account == session.person and grant.until is None and grant.role in CARE_TEAM:
            return ClientAccess(client, person.name, person.record_stream, grant.role, person.plan)
    await _note_refused(_services(connection), session, client)
    raise NotFoundException


async def _note_refused(services: Services, session: CurrentSession, client: UUID) -> None:
    """Write down that somebody asked for a client whom they may not read: once in a while, so that asking over and
    over fills no disk."""
    now, key = services.clock(), f"{session.person} {client}"
    counts = services.refused_reads
    if counts.each.wait(key, now) is None and counts.all.wait(str(session.person), now) is None:
        counts.each.failed(key, now)
        counts.all.failed(str(session.person), now)
        await record(Action.READ_REFUSED, now, session.actor, client=client)


def _operator(connection: AnyConnection) -> None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _services(connection).operator_may(token):
        raise NotAuthorizedException


def _services(connection: AnyConnection) -> Services:
    services: Services = connection.app.state.services
    return services


_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
