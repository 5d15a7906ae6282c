"""What a browser shows where a page cannot be had: the same answers as everywhere, in words on a page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.response import Redirect
from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_server.access import AnyRequest
from intersession_server.edge.defences import EXCEPTION_HANDLERS, NotServed
from intersession_server.errors import Refused, StorageError
from intersession_server.language.catalogue import negotiated
from intersession_server.language.language import say, use
from intersession_server.web.page.rendering import page
from intersession_server.web.page.way_back import sign_in_path


def _texts(status: int, path: str = "") -> tuple[str, str]:
    """Title and text of what is said of a status, in the language of the request.

    Of a client's page (`path`) the same is said whether access to them ended or there never was such a client.
    """
    match status:
        case HTTPStatus.NOT_FOUND if path.startswith("/clients/"):
            return say("Not found"), say("You no longer have access to this client, or this page does not exist.")
        case HTTPStatus.NOT_FOUND:
            return say("Not found"), say("This page does not exist, or you do not have access to it.")
        case HTTPStatus.FORBIDDEN:
            return say("Not allowed"), say("This is not allowed. Go back, reload the page and try again.")
        case HTTPStatus.BAD_REQUEST:
            return say("Invalid address"), say("The address of this page is not valid.")
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return say("Try again later"), say("The server is too busy, or cannot use its disk.")
        case _:
            text = say("Something went wrong on the server. Nothing that clients wrote was lost. Try again later.")
            return say("Server error"), text


class ErrorPage(Struct, frozen=True):
    """What the page shows. `home` is where to go on, if anywhere."""

    title: str
    text: str
    home: str | None = "/"


def _error_page(status: int, title: str, text: str, home: str | None = "/") -> Response[str]:
    return page("page/error.html", ErrorPage(title, text, home), status)


def _to_sign_in(request: AnyRequest, _: NotAuthorizedException) -> Response[Any]:
    return _elsewhere(request, sign_in_path(request))


def _elsewhere(request: AnyRequest, path: str) -> Response[Any]:
    """Leads to another page than was asked for. A script would follow that and take it for what its form came to, so it
    is told that nothing was done, and loads its page again, which then leads there."""
    if "hx-request" in request.headers:
        return _error_page(HTTPStatus.UNAUTHORIZED, say("Not saved"), say("Sign in again."), home=path)
    return Redirect(path, status_code=303)


def _on_http_exception(request: AnyRequest, error: HTTPException) -> Response[Any]:
    return _error_page(error.status_code, *_texts(error.status_code, request.url.path))


def _on_invalid_field(_: AnyRequest, __: InvalidField) -> Response[Any]:
    return _error_page(HTTPStatus.BAD_REQUEST, *_texts(HTTPStatus.BAD_REQUEST))


def _on_refused(request: AnyRequest, error: Refused) -> Response[Any]:
    if error.code == "password_to_change":
        return _elsewhere(request, "/account")
    if error.code != "not_found":
        return _on_busy(request, error)
    return _error_page(HTTPStatus.NOT_FOUND, *_texts(HTTPStatus.NOT_FOUND, request.url.path))


def _on_busy(request: AnyRequest, error: Refused | StorageError) -> Response[Any]:
    if isinstance(error, StorageError):
        EXCEPTION_HANDLERS[StorageError](request, error)  # logs it, as for every route
    return _error_page(HTTPStatus.SERVICE_UNAVAILABLE, *_texts(HTTPStatus.SERVICE_UNAVAILABLE))


def _on_failure(request: AnyRequest, error: Exception) -> Response[Any]:
    EXCEPTION_HANDLERS[Exception](request, error)  # logs it, as for every route
    return _error_page(HTTPStatus.INTERNAL_SERVER_ERROR, *_texts(HTTPStatus.INTERNAL_SERVER_ERROR))


PAGE_HANDLERS: dict[type[Exception] | int, Any] = {
    NotAuthorizedException: _to_sign_in,
    HTTPException: _on_http_exception,
    InvalidField: _on_invalid_field,
    Refused: _on_refused,
    StorageError: _on_busy,
    Exception: _on_failure,
}
"""What a page says when it cannot be shown."""


def _use_language_of(request: AnyRequest) -> None:
    """Where no route is met, no guard has found out which language it is to be."""
    use(negotiated(None, request.headers.get("accept-language", "")))


def _shows_pages(request: AnyRequest) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _no_page(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Where no route is met. A person's browser says that it takes HTML; a program gets the usual answer."""
    if error.status_code != HTTPStatus.NOT_FOUND or not _shows_pages(request):
        return EXCEPTION_HANDLERS[HTTPException](request, error)
    _use_language_of(request)
    return _on_http_exception(request, error)


_NOT_SERVED: dict[str, Callable[[], str]] = {
    "wrong_host": lambda: say(
        "This server does not answer to that host name. Use the address that the practice gave you; the operator sets"
        " it with --public-url."
    ),
    "other_host": lambda: say(
        "This is not served under this host name: the client's app has one of its own. Use the address that the"
        " practice gave you."
    ),
    "wrong_origin": lambda: say(
        "This request came from another website. Open this server's own page, and do it there."
    ),
}


def _not_served(request: AnyRequest, error: NotServed) -> Response[Any]:
    if not _shows_pages(request):
        return EXCEPTION_HANDLERS[NotServed](request, error)
    _use_language_of(request)
    text = _NOT_SERVED[error.code]() if error.code in _NOT_SERVED else error.text
    return _error_page(error.status_code, _texts(HTTPStatus.FORBIDDEN)[0], text, home=None)


ANYWHERE: dict[type[Exception] | int, Any] = {HTTPException: _no_page, NotServed: _not_served}
"""What is said where no route is met."""
