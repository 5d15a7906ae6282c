"""What stands before every route: which hosts and origins are served, headers, and errors that leak nothing.

Websockets get the Host check here; their Origin is checked where they are accepted, against the same set.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, ExceptionHandlersMap, Message, Receive, Scope, Send
from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_schemas.nesting import TooDeep, check_json
from intersession_server.edge.connections import DefenceLog
from intersession_server.edge.hosts import APP_HOME, Reachable
from intersession_server.errors import Refused, StorageError
from intersession_server.settings import is_loopback

log = structlog.get_logger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with no-referrer, browsers send our own forms with the origin `null`
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
"""On every answer, unless its route has set the same header itself."""
_WITHOUT_ADDRESS = (b"referrer-policy", b"strict-origin")
"""Where the address holds what somebody typed (the route's `words_in_address`), be it refused: nobody is told it."""

_STATUS = {
    "wrong_password": 401,
    "wrong_code": 403,
    "old_code": 403,
    "used_code": 403,
    "too_many_tries": 403,
    "wrong_old_password": 403,
    "password_to_change": 403,
    "not_found": 404,
    "rate_limited": 429,
    "busy": 503,
}
_CODES = {
    400: ("bad_request", "The request is not valid for this address."),
    401: ("not_signed_in", "Sign in first."),
    403: ("forbidden", "This is not allowed."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not support that method."),
    413: ("too_large", "The request is larger than this server accepts."),
    415: ("bad_request", "This address does not accept that content type."),
}
_WRONG_HOST = (
    "This server does not answer to that host name. Use the address that the practice gave you; the operator sets it"
    " with --public-url."
)
_ELSEWHERE = (
    "This is not served under this host name: the client's app has one of its own. Use the address that the practice"
    " gave you."
)
_WRONG_ORIGIN = "This request came from another website. Open this server's own page, and do it there."
_SERVER_ERROR = ("server_error", "The server failed. The change may be missing or incomplete; try again later.")


class ErrorBody(Struct, frozen=True):
    """The body of every error answer: a stable code, and a text for people."""

    code: str
    message: str


class NotServed(HTTPException):
    """A request under a name, or from a page, that this server does not answer."""

    def __init__(self, code: str, text: str, status: int = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(status_code=status)
        self.code = code
        self.text = text


class BoundedRequest(Request[Any, Any, Any]):
    """A request whose JSON is decoded only where it is nested no deeper than anything here is."""

    async def json(self) -> Any:
        """The body, decoded. Raises `TooDeep`."""
        check_json(await self.body())
        return await super().json()


_FORWARDING = ("x-forwarded-for", "forwarded", "x-real-ip")


def is_undeclared_proxy(client: tuple[str, int] | None, headers: Headers) -> bool:
    """Whether a request from this machine says that somebody else made it."""
    return client is not None and is_loopback(client[0]) and any(name in headers for name in _FORWARDING)


def remote_address(request: Request[Any, Any, Any]) -> str:
    """The remote end by which tries are counted.

    Where a proxy on this machine was not declared, everybody would be one address, and a few wrong passwords would
    lock a whole practice out; so it is the address that the proxy itself put at the end. Nothing else believes it.
    """
    client = request.client
    if client is None:
        return ""
    if not request.app.state.services.settings.behind_proxy and is_undeclared_proxy(client, request.headers):
        said = request.headers.get("x-forwarded-for") or request.headers.get("x-real-ip") or ""
        return f"{said.rpartition(',')[2].strip()[:64]} by proxy"
    return client.host


class Defences(ASGIMiddleware):
    """Refuses foreign hosts, and changes that foreign pages ask for."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    def __init__(self, reachable: Reachable, *, behind_proxy: bool = False) -> None:
        self._reachable = reachable
        self._proxy_is_known = behind_proxy
        self._said = DefenceLog()

    def _notice_proxy(self, scope: Scope, headers: Headers) -> None:
        if not self._proxy_is_known and is_undeclared_proxy(scope.get("client"), headers):
            self._proxy_is_known = True  # said once is enough
            log.warning(
                "http.proxy_not_declared",
                what="Requests come through a reverse proxy on this machine, and --behind-proxy is not set.",
                do="Start the server with --behind-proxy (INTERSESSION_BEHIND_PROXY=true) and --public-url.",
            )

    def _say(self, event: str, what: str) -> None:
        count = self._said.count(event, asyncio.get_running_loop().time())
        if count:
            log.warning(event, what=what, do="Check --public-url if these are your own users.", count=count)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """One request or websocket."""
        headers = Headers.from_scope(scope)
        self._notice_proxy(scope, headers)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._reachable.serves(host):
            self._say("http.wrong_host", "Requests with a Host header that is not this server's.")
            raise NotServed("wrong_host", _WRONG_HOST)
        changes = scope["type"] == ScopeType.HTTP and scope["method"] not in SAFE_METHODS
        if not self._reachable.has(scope["route_handler"].opt.get("part", "pages"), host):
            if scope["path"] == "/" and not changes:  # somebody has typed the app's name
                await ASGIResponse(status_code=307, headers={"location": APP_HOME})(scope, receive, send)
                return
            raise NotServed("other_host", _ELSEWHERE, HTTPStatus.MISDIRECTED_REQUEST)
        if changes and origin is not None and not self._reachable.trusts(origin, host):
            self._say("http.wrong_origin", "Pages from another origin requested changes.")
            raise NotServed("wrong_origin", _WRONG_ORIGIN)
        await next_app(scope, receive, send)


def security_headers(*, https: bool) -> Callable[[Message, Scope], Awaitable[None]]:
    """What adds the headers to every answer, errors included (a `before_send` hook)."""
    headers = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
    if https:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            missing = [(name, value) for name, value in headers if name not in present]
            handler = scope.get("route_handler")
            if handler is not None and handler.opt.get("words_in_address"):
                missing = [_WITHOUT_ADDRESS if header[0] == _WITHOUT_ADDRESS[0] else header for header in missing]
            message["headers"] = [*message["headers"], *missing]

    return add


def _on_http_exception(_: Request[Any, Any, Any], error: HTTPException) -> Response[ErrorBody]:
    # Neither detail nor extra goes out: a validation error quotes what was sent.
    code, message = _CODES.get(error.status_code, _SERVER_ERROR if error.status_code >= 500 else _CODES[400])
    allow = (error.headers or {}).get("allow")
    return _answer(error.status_code, code, message, {"Allow": allow} if allow else {})


def _on_not_served(_: Request[Any, Any, Any], error: NotServed) -> Response[ErrorBody]:
    return _answer(error.status_code, error.code, error.text, {})


def _on_refused(_: Request[Any, Any, Any], error: Refused) -> Response[ErrorBody]:
    headers = {"Retry-After": str(max(1, round(error.retry_after)))} if error.retry_after is not None else {}
    return _answer(_STATUS.get(error.code, HTTPStatus.CONFLICT), error.code, str(error), headers)


def _on_invalid_field(_: Request[Any, Any, Any], error: InvalidField) -> Response[ErrorBody]:
    # Its text names the parameter and never what was given.
    return _answer(400, error.code, str(error), {})


def _on_storage_error(request: Request[Any, Any, Any], error: StorageError) -> Response[ErrorBody]:
    log.error("http.storage_failed", route=_route(request), code=error.code)
    return _answer(
        503, "storage_failed", "The server could not access its disk. Try again later.", {"Retry-After": "10"}
    )


def _on_exception(request: Request[Any, Any, Any], error: Exception) -> Response[ErrorBody]:
    log.error("http.failed", route=_route(request), error=type(error).__name__, frames=frames_of(error))
    return _answer(500, *_SERVER_ERROR, {})


def _on_undecodable(request: Request[Any, Any, Any], error: Exception) -> Response[ErrorBody]:
    """What was sent cannot be decoded: nested too deeply, or no UTF-8."""
    log.info("http.undecodable", route=_route(request), error=type(error).__name__)
    return _answer(400, *_CODES[400], {})


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    TooDeep: _on_undecodable,
    UnicodeError: _on_undecodable,
    HTTPException: _on_http_exception,
    NotServed: _on_not_served,
    Refused: _on_refused,
    InvalidField: _on_invalid_field,
    StorageError: _on_storage_error,
    Exception: _on_exception,
}


def frames_of(error: BaseException) -> list[str]:
    """Where an exception came from, without its text and without values: those may hold content."""
    return [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in traceback.extract_tb(error.__traceback__)]


def _answer(status: int, code: str, message: str, headers: dict[str, str]) -> Response[ErrorBody]:
    return Response(ErrorBody(code, message), status_code=status, headers=headers, media_type="application/json")


def _route(request: Request[Any, Any, Any]) -> str:
    """The route's pattern, not the path: a path may name a client."""
    return str(request.scope.get("path_template", ""))
