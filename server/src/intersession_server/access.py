"""The access rule of every route, enforced in one place. A route without a rule is served to nobody.

    @get("/api/clients", opt={"access": "therapist"})
    @get("/api/clients/{client:uuid}/entries", opt={"access": "client-record"})
    @get("/events", opt={"access": "therapist", "live": True})      # looks without keeping the session awake

Rules: `public`; `device` (a bearer token of a client's device whose access has not ended; where the websocket is opened
it is checked there); `therapist` (a browser session; its
CSRF token with every method that changes something); `client-record` (a therapist whom the log grants the record of
the path's `client` now; anybody else hears that there is no such client); `manager` (a therapist who manages the
practice; a `person` in the path is one of it); `practice-person` (who manages the practice of the path's `person`, or
is granted their record now: names, codes and devices only, never content); `operator` (the token in the data folder).

Whoever signed in with a password for once reaches nothing but what they change it with.
"""

from __future__ import annotations

import asyncio
from typing import Any, Literal
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException, NotFoundException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from intersession_schemas.streams import CARE_TEAM, Role
from intersession_server import passage
from intersession_server.accounts.audit import Action, record
from intersession_server.accounts.database import SCHEMA
from intersession_server.accounts.people import CLIENT
from intersession_server.accounts.sign_in import CurrentSession, csrf_matches
from intersession_server.accounts.tables import Person
from intersession_server.edge.defences import SAFE_METHODS
from intersession_server.edge.gate import note_signed_in
from intersession_server.errors import Refused
from intersession_server.language.catalogue import negotiated
from intersession_server.language.language import use
from intersession_server.passage import ClientAccess, Member, Passage
from intersession_server.services import Services
from intersession_server.storage.database import opened
from intersession_server.sync import credentials
from intersession_server.sync.directory import Authenticated
from intersession_server.work import effort

RULES = frozenset({"public", "device", "therapist", "client-record", "manager", "practice-person", "operator"})
BEFORE_OWN_PASSWORD = frozenset(
    {"/account", "/fragments/account", "/account/password", "/api/account/password", "/api/me", "/sign-out"}
)
"""What is reached with a password for once."""
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
IN_VIEW_HEADER = "x-in-view"
BROWSER_KNOWN_FOR = 400 * 24 * 3600
"""Seconds; browsers keep no cookie for longer."""

AnyConnection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]


async def enforce(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """The guard of the whole app: applies the route's rule, and leaves what it found in the connection's state."""
    passage.enter(None)
    use(negotiated(None, connection.headers.get("accept-language", "")))
    await effort.serve(None)
    match handler.opt.get("access"):
        case "public":
            return
        case "device":
            if isinstance(connection, Request):
                connection.scope["state"]["caller"] = await _device(connection)
        case "therapist":
            await _therapist(connection, handler)
        case "client-record":
            session = await _therapist(connection, handler)
            access = await _client_access(connection, session)
            connection.scope["state"]["client_access"] = access
            path = str(connection.scope.get("path_template", ""))
            looks = _looks(connection, handler)
            passage.enter(Passage(_services(connection), session, access, path, looks=looks))
        case "manager":
            session = await _therapist(connection, handler)
            if not session.manager:
                raise PermissionDeniedException
            if "person" in connection.path_params:
                connection.scope["state"]["member"] = await _member(connection, session)
        case "practice-person":
            session = await _therapist(connection, handler)
            connection.scope["state"]["member"] = await _member(connection, session)
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


def provide_caller(request: AnyRequest) -> Authenticated:
    """`caller: NamedDependency[Authenticated]`: the client's device that made this request.

    For routes with the rule `device`.
    """
    caller: Authenticated = request.scope["state"]["caller"]
    return caller


def provide_member(request: AnyRequest) -> Member:
    """`member: NamedDependency[Member]`: the person of the practice whom this request is about.

    For routes with the rule `practice-person`, or `manager` with a `person` in the path.
    """
    member: Member = request.scope["state"]["member"]
    return member


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
    if session.password_once and connection.scope.get("path_template") not in BEFORE_OWN_PASSWORD:
        raise Refused("password_to_change", "Choose your own password first.")
    use(negotiated(session.language, connection.headers.get("accept-language", "")))
    note_signed_in(connection.scope)
    await effort.serve(services.hub.budgets.of(session.person, asyncio.get_running_loop().time()))
    return session


def _looks(connection: AnyConnection, handler: BaseRouteHandler) -> bool:
    """Whether a person looks at what is asked for: at a page that they opened, or at one that moves while it is in
    view, as the script says (`static/live.js`). A program that asks the HTTP API has not looked."""
    if str(connection.scope.get("path", "")).startswith("/api/"):
        return False
    return not handler.opt.get("live", False) or connection.headers.get(IN_VIEW_HEADER) == "1"


async def _client_access(connection: AnyConnection, session: CurrentSession) -> ClientAccess:
    """The log decides, not the assignment's row: what has ended there has ended here."""
    client = connection.path_params.get("client")
    if not isinstance(client, UUID):
        raise NotFoundException
    found = await opened(SCHEMA).statement(_CLIENT, [str(client), CLIENT])
    if not found:
        raise NotFoundException
    (person,) = found
    services, chart = _services(connection), person["chart_stream"]
    role, of_chart = await asyncio.gather(
        _role_in(services, session, person["record_stream"]), _role_in(services, session, chart)
    )
    if role is None:
        await _note_refused(services, session, client)
        raise NotFoundException
    return ClientAccess(
        client, person["name"], person["record_stream"], role, person["plan"], None if of_chart is None else chart
    )


async def _member(connection: AnyConnection, session: CurrentSession) -> Member:
    """Somebody of the session's own practice; of those, without the right to manage it, the clients in care alone."""
    services, id_ = _services(connection), connection.path_params.get("person")
    if not isinstance(id_, UUID):
        raise NotFoundException
    person = await Person.objects().where((Person.id == id_) & (Person.practice == session.practice)).first()
    if person is None:
        raise NotFoundException
    stream = person.record_stream
    in_care = stream is not None and await _role_in(services, session, stream) is not None
    if not (session.manager or in_care):
        await _note_refused(services, session, id_)
        raise NotFoundException
    role: Literal["client", "therapist"] = "client" if person.role == CLIENT else "therapist"
    return Member(person.id, role, person.name, person.username, person.manager, person.ended_at, in_care)


async def _role_in(services: Services, session: CurrentSession, stream: UUID | None) -> Role | None:
    """As what of a care team the therapist may read a stream now."""
    if stream is None:
        return None
    for grant in await services.log.grants_of(stream):
        if grant.account == session.person and grant.until is None and grant.role in CARE_TEAM:
            return grant.role
    return None


async def _note_refused(services: Services, session: CurrentSession, client: UUID) -> None:
    """Write down that somebody asked for a client whom they may not read: once in a while, so that asking over and
    over fills no disk."""
    now, key = services.clock(), f"{session.person} {client}"
    counts = services.refused_reads
    if counts.each.wait(key, now) is None and counts.all.wait(str(session.person), now) is None:
        counts.each.failed(key, now)
        counts.all.failed(str(session.person), now)
        await record(Action.READ_REFUSED, now, session.actor, client=client)


async def _device(connection: AnyConnection) -> Authenticated:
    """The log decides, not the device's row: a revoked one hears of that by its next sync, and nothing here."""
    services = _services(connection)
    token = credentials.token_of(connection.headers.get("authorization", ""), ())
    found = await services.devices.authenticate(token) if token else None
    if found is None or await services.log.device_revoked(found.device):
        raise NotAuthorizedException
    if not await Person.exists().where((Person.id == found.account) & (Person.role == CLIENT)):
        raise PermissionDeniedException
    note_signed_in(connection.scope)
    await effort.serve(services.hub.budgets.of(found.account, asyncio.get_running_loop().time()))
    return found


def _operator(connection: AnyConnection) -> None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _services(connection).operator_may(token):
        raise NotAuthorizedException


def _services(connection: AnyConnection) -> Services:
    services: Services = connection.app.state.services
    return services


_CLIENT = (
    "SELECT name, record_stream, chart_stream, plan FROM person WHERE id = ? AND role = ? AND record_stream IS NOT NULL"
)
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
