"""What a browser shows where a page cannot be had: the same answers as everywhere, in words on a page."""

from __future__ import annotations

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
from intersession_server.web.page.rendering import page
from intersession_server.web.page.way_back import sign_in_path

_TEXTS = {
    HTTPStatus.NOT_FOUND: ("Not found", "This page does not exist, or you do not have access to it."),
    HTTPStatus.FORBIDDEN: ("Not allowed", "This is not allowed. Go back, reload the page and try again."),
    HTTPStatus.BAD_REQUEST: ("Invalid address", "The address of this page is not valid."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Try again later", "The server is too busy, or cannot use its disk."),
}
_FAILED = ("Server error", "Something went wrong on the server. Nothing that clients wrote was lost. Try again later.")


class ErrorPage(Struct, frozen=True):
    """What the page shows. `home` is where to go on, if anywhere."""

    title: str
    text: str
    home: str | None = "/"


def _error_page(status: int, title: str, text: str, home: str | None = "/") -> Response[str]:
    return page("page/error.html", ErrorPage(title, text, home), status)


def _to_sign_in(request: AnyRequest, _: NotAuthorizedException) -> Response[Any]:
    return Redirect(sign_in_path(request), status_code=303)


def _on_http_exception(_: AnyRequest, error: HTTPException) -> Response[Any]:
    title, text = _TEXTS.get(HTTPStatus(error.status_code), _FAILED)
    return _error_page(error.status_code, title, text)


def _on_invalid_field(_: AnyRequest, __: InvalidField) -> Response[Any]:
    title, text = _TEXTS[HTTPStatus.BAD_REQUEST]
    return _error_page(HTTPStatus.BAD_REQUEST, title, text)


def _on_refused(request: AnyRequest, error: Refused) -> Response[Any]:
    if error.code != "not_found":
        return _on_busy(request, error)
    title, text = _TEXTS[HTTPStatus.NOT_FOUND]
    return _error_page(HTTPStatus.NOT_FOUND, title, text)


def _on_busy(request: AnyRequest, error: Refused | StorageError) -> Response[Any]:
    if isinstance(error, StorageError):
        EXCEPTION_HANDLERS[StorageError](request, error)  # logs it, as for every route
    title, text = _TEXTS[HTTPStatus.SERVICE_UNAVAILABLE]
    return _error_page(HTTPStatus.SERVICE_UNAVAILABLE, title, text)


def _on_failure(request: AnyRequest, error: Exception) -> Response[Any]:
    EXCEPTION_HANDLERS[Exception](request, error)  # logs it, as for every route
    return _error_page(HTTPStatus.INTERNAL_SERVER_ERROR, _FAILED[0], _FAILED[1])


PAGE_HANDLERS: dict[type[Exception] | int, Any] = {
    NotAuthorizedException: _to_sign_in,
    HTTPException: _on_http_exception,
    InvalidField: _on_invalid_field,
    Refused: _on_refused,
    StorageError: _on_busy,
    Exception: _on_failure,
}
"""What a page says when it cannot be shown."""


def _shows_pages(request: AnyRequest) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _no_page(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Where no route is met. A person's browser says that it takes HTML; a program gets the usual answer."""
    if error.status_code != HTTPStatus.NOT_FOUND or not _shows_pages(request):
        return EXCEPTION_HANDLERS[HTTPException](request, error)
    return _on_http_exception(request, error)


def _not_served(request: AnyRequest, error: NotServed) -> Response[Any]:
    if not _shows_pages(request):
        return EXCEPTION_HANDLERS[NotServed](request, error)
    return _error_page(error.status_code, _TEXTS[HTTPStatus.FORBIDDEN][0], error.text, home=None)


ANYWHERE: dict[type[Exception] | int, Any] = {HTTPException: _no_page, NotServed: _not_served}
"""What is said where no route is met."""
