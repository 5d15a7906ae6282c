"""The routes of the client's app: its files below `/app/`, how to install it, and what a scanned pairing code leads to.

Each of them is public and says the same to everybody: the app's data comes over `/sync` alone, and nothing that is
served here depends on who asks or under which name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit

from litestar import HttpMethod, Response, get, route
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from intersession_server.access import AnyRequest
from intersession_server.edge.defences import SECURITY_HEADERS
from intersession_server.edge.hosts import APP_HOME
from intersession_server.services import Services
from intersession_server.settings import app_url_of, is_loopback
from intersession_server.web.app.files import TOUCH_ICON, AppFile, built_app, is_known
from intersession_server.web.dependencies import GivenServices
from intersession_server.web.page.qr import QrCode, qr_code
from intersession_server.web.page.rendering import page

OPT = {"access": "public", "part": "app"}
READ = [HttpMethod.GET, HttpMethod.HEAD]
_PIECE = 64 * 1024
"""Bytes that are handed on at once: a slow reader then holds no more than that of the server's memory."""

PERMISSIONS = SECURITY_HEADERS["permissions-policy"].replace("camera=()", "camera=(self)")
"""Of all pages the app alone may ask for the camera: it reads the QR code of a pairing code with it."""

Device = Literal["iphone", "android", "computer"]


class InstallPage(Struct, frozen=True):
    """How to install the app. `device`: what seems to ask, whose steps come first. `icon`: for the Home Screen.

    `url`: this page's own address, for a phone; `qr`: the same as a picture, where a phone can reach it.
    """

    device: Device
    url: str
    qr: QrCode | None
    icon: str | None


class ScannedPage(Struct, frozen=True):
    """What is shown to whoever opens a pairing link with a browser: nothing of the practice."""

    has_app: bool


class MissingPage(Struct, frozen=True):
    """Why there is no app on this server."""

    reason: str


def app_routes() -> list[ControllerRouterHandler]:
    """All of them. The files are read now: a build that goes on meanwhile must not show."""
    built_app()
    return [home, install, file, scanned]


@route("/app", http_method=READ, opt=OPT, include_in_schema=False)
async def home(request: AnyRequest, services: GivenServices) -> Response[Any]:
    """The app's page. Its service worker is in charge of what is below `/app/`, which `/app` itself is not."""
    if not bytes(request.scope.get("raw_path") or b"").endswith(b"/"):
        return Redirect(APP_HOME, status_code=307)
    return _answer(request, services, "")


@route("/app/{path:path}", http_method=READ, opt=OPT, include_in_schema=False)
async def file(request: AnyRequest, services: GivenServices, path: FromPath[str]) -> Response[Any]:
    """A file of the app, or its page for the address of a screen."""
    return _answer(request, services, path.removeprefix("/"))


@get("/app/install", opt=OPT, include_in_schema=False)
async def install(request: AnyRequest, services: GivenServices) -> Response[Any]:
    """How to install the app: the device's own way first, and for a computer a picture that a phone scans."""
    app = built_app()
    if app.missing:
        return _missing(app.missing)
    url = f"{app_url_of(services.settings)}/app/install"
    reaches = not is_loopback(urlsplit(url).hostname or "")
    view = InstallPage(
        device=_device(request.headers.get("user-agent", "")),
        url=url,
        qr=qr_code(url) if reaches else None,
        icon=f"{APP_HOME}{TOUCH_ICON}" if TOUCH_ICON in app.files else None,
    )
    answer = page("app/install.html", view)
    # Browsers install what the page's manifest describes.
    answer.headers["content-security-policy"] = f"{SECURITY_HEADERS['content-security-policy']}; manifest-src 'self'"
    return answer


@get("/pair", opt=OPT, include_in_schema=False)
async def scanned() -> Response[Any]:
    """For whoever scans a pairing code with a camera instead of the app. The code itself is not sent here."""
    return page("app/scanned.html", ScannedPage(has_app=not built_app().missing))


def _answer(request: AnyRequest, services: Services, path: str) -> Response[Any]:
    app = built_app()
    if app.missing:
        return _missing(app.missing)
    found = app.at(path)
    if found is None:
        raise NotFoundException
    return _sent(request, services, found)


def _sent(request: AnyRequest, services: Services, found: AppFile) -> Response[Any]:
    encoding, body = found.chosen(request.headers.get("accept-encoding", ""))
    headers = {
        "cache-control": found.cache_control,
        # On every file: a worker goes by the policy of its own script.
        "content-security-policy": content_security(services.reachable.sync_origins),
        "permissions-policy": PERMISSIONS,
        "etag": body.etag,
        "vary": "accept-encoding",
    }
    if is_known(body.etag, request.headers.get("if-none-match", "")):
        return Response(None, status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if encoding != "identity":
        headers["content-encoding"] = encoding
    headers["content-length"] = str(len(body.content))
    return Stream(_pieces(body.content), headers=headers, media_type=found.media_type)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    view = memoryview(content)
    for start in range(0, len(content), _PIECE):
        yield bytes(view[start : start + _PIECE])


def _missing(reason: str) -> Response[str]:
    return page("app/missing.html", MissingPage(reason), HTTPStatus.SERVICE_UNAVAILABLE)


@lru_cache(maxsize=8)
def content_security(origins: frozenset[str]) -> str:
    """The app's own policy. `origins`: where it may open its connection; from the settings, never from a request.

    `'self'` is enough for today's browsers; Safari before 15.4 takes it for http alone.
    """
    sockets = sorted(origin.replace("http", "ws", 1) for origin in origins if "[" not in origin)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "worker-src 'self'",
            "manifest-src 'self'",
            " ".join(("connect-src 'self'", *sockets)),
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def _device(user_agent: str) -> Device:
    """What seems to ask. It decides on the order of the page alone: an iPad says that it is a Mac."""
    if "iPhone" in user_agent or "iPad" in user_agent:
        return "iphone"
    return "android" if "Android" in user_agent else "computer"
