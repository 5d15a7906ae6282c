"""What stands before every route: which hosts and origins are served, headers, and errors that leak nothing.

Websockets get the Host check here; their Origin is checked where they are accepted, against the same set.
"""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import Request, Response
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, ExceptionHandlersMap, Message, Receive, Scope, Send
from msgspec import Struct

from intersession_server.errors import Refused, StorageError
from intersession_server.settings import Settings, is_loopback

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

_STATUS = {
    "wrong_password": 401,
    "wrong_code": 403,
    "old_code": 403,
    "used_code": 403,
    "too_many_tries": 403,
    "not_found": 404,
    "rate_limited": 429,
    "busy": 503,
}
_CODES = {
    400: ("bad_request", "The request does not have the shape that this address takes."),
    401: ("not_signed_in", "Sign in first."),
    403: ("forbidden", "That is not allowed."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "That method is not taken here."),
    413: ("too_large", "The request is larger than this server takes."),
    415: ("bad_request", "The request's content type is not taken here."),
}
_SERVER_ERROR = ("server_error", "The server failed. Nothing was changed, or not all of it; try again later.")


class Problem(Struct, frozen=True):
    """The body of every error answer: a stable code, and a text for people."""

    code: str
    message: str


class Reachable(Struct, frozen=True):
    """Under which names and from which pages this server may be used."""

    hosts: frozenset[str]
    origins: frozenset[str]

    def serves(self, host: str) -> bool:
        """Whether a Host header names this server: its public name, or this machine's own."""
        parts = _netloc(host)
        return parts is not None and (host.lower() in self.hosts or is_loopback(parts))

    def trusts(self, origin: str, host: str) -> bool:
        """Whether a request that a page of `origin` made may change anything; `host` is its (served) Host."""
        return origin in self.origins or urlsplit(origin).netloc.lower() == host.lower()


def reachable(settings: Settings) -> Reachable:
    """What the settings say. `settings.port` is the port that was bound."""
    hosts, origins = set(), set()
    if settings.public_url is not None:
        parts = urlsplit(settings.public_url.lower())
        usual = {"http": 80, "https": 443}[parts.scheme]
        port = parts.port or usual
        name = parts.netloc.removesuffix(f":{parts.port}")
        hosts.add(f"{name}:{port}")
        if port == usual:  # browsers leave it out
            hosts.add(name)
        origins.add(f"{parts.scheme}://{name if port == usual else f'{name}:{port}'}")
    scheme = "https" if settings.tls_cert is not None else "http"
    if is_loopback(settings.host):
        origins.update(f"{scheme}://{name}:{settings.port}" for name in ("localhost", "127.0.0.1", "[::1]"))
    return Reachable(frozenset(hosts), frozenset(origins))


class Defences(ASGIMiddleware):
    """Refuses foreign hosts, and changes that foreign pages ask for."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    def __init__(self, reachable: Reachable) -> None:
        self._reachable = reachable

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """One request or websocket."""
        headers = Headers.from_scope(scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._reachable.serves(host):
            raise HTTPException(status_code=403)
        changes = scope["type"] == ScopeType.HTTP and scope["method"] not in SAFE_METHODS
        if changes and origin is not None and not self._reachable.trusts(origin, host):
            raise HTTPException(status_code=403)
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
            message["headers"] = [*message["headers"], *missing]

    return add


def _on_http_exception(_: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    # Neither detail nor extra goes out: a validation error quotes what was sent.
    code, message = _CODES.get(error.status_code, _SERVER_ERROR if error.status_code >= 500 else _CODES[400])
    allow = (error.headers or {}).get("allow")
    return _answer(error.status_code, code, message, {"Allow": allow} if allow else {})


def _on_refused(_: Request[Any, Any, Any], error: Refused) -> Response[Problem]:
    headers = {"Retry-After": str(max(1, round(error.retry_after)))} if error.retry_after is not None else {}
    return _answer(_STATUS.get(error.code, HTTPStatus.CONFLICT), error.code, str(error), headers)


def _on_storage_error(request: Request[Any, Any, Any], error: StorageError) -> Response[Problem]:
    log.error("http.storage_failed", route=_route(request), code=error.code)
    return _answer(503, "storage_failed", "The server could not use its disk. Try again later.", {"Retry-After": "10"})


def _on_exception(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    log.error("http.failed", route=_route(request), error=type(error).__name__, frames=frames_of(error))
    return _answer(500, *_SERVER_ERROR, {})


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    HTTPException: _on_http_exception,
    Refused: _on_refused,
    StorageError: _on_storage_error,
    Exception: _on_exception,
}


def frames_of(error: BaseException) -> list[str]:
    """Where an exception came from, without its text and without values: those may hold content."""
    return [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in traceback.extract_tb(error.__traceback__)]


def _answer(status: int, code: str, message: str, headers: dict[str, str]) -> Response[Problem]:
    return Response(Problem(code, message), status_code=status, headers=headers, media_type="application/json")


def _route(request: Request[Any, Any, Any]) -> str:
    """The route's pattern, not the path: a path may name a client."""
    return str(request.scope.get("path_template", ""))


def _netloc(host: str) -> str | None:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
