"""What a form is sent to: a function that carries it out and says where to go on.

    @form("/clients/{client:uuid}/comments")
    async def comment(form: SentForm, services: GivenServices, client_access: GivenAccess, …) -> str: ...

A browser without script is sent on with a redirect. With it, htmx follows that, and puts the page's content in place.
Where something was wrong, the script shows what in the form, and leaves there what was typed; without script it is a
page of its own, and "back" has the form as it was.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar, get_type_hints

from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from msgspec import Struct

from intersession_schemas.errors import DocumentError, InvalidField
from intersession_server.access import AnyRequest
from intersession_server.errors import Refused, StorageError
from intersession_server.language.language import say
from intersession_server.services import Services
from intersession_server.web.forms.problems import FieldProblem, told
from intersession_server.web.forms.reading import structured
from intersession_server.web.page.error_pages import PAGE_HANDLERS, ErrorPage
from intersession_server.web.page.rendering import page
from intersession_server.web.record.changes import BASED_ON

T = TypeVar("T", bound=Struct)
ONCE = "once"
"""The field that tells a form of a page from every other."""
SAVED = "saved"
"""What every page has, and shows to whoever is sent to it."""
Action = Callable[..., Awaitable[str]]


class SentForm(Struct, frozen=True):
    """What a form sent. `uploads` by the names of their fields."""

    fields: list[tuple[str, str]]
    uploads: dict[str, UploadFile]

    def text(self, name: str) -> str:
        """The value of a field, the last if there are several; empty where it was not sent."""
        return next((value.replace("\r\n", "\n") for key, value in reversed(self.fields) if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self.fields if key == name]

    def read(self, type_: type[T], prefix: str = "") -> T:
        """The fields as a Struct, see `reading.structured`. Raises `InvalidField`."""
        return structured(self.fields, type_, prefix)


def form(path: str, *, access: str = "client-record", **options: Any) -> Callable[[Action], HTTPRouteHandler]:
    """The route of a form. `access` is its rule; `options` go to the route."""

    def route(action: Action) -> HTTPRouteHandler:
        async def answer(request: AnyRequest, **given: Any) -> Response[Any]:
            try:
                sent = await _sent(request)
                address = await _carried_out(request, sent, lambda: action(form=sent, **given))
                return Redirect(_saying_so(request, address), status_code=303)
            except (InvalidField, DocumentError, Refused, StorageError) as error:
                return _not_saved(request, error)

        hints = get_type_hints(action, include_extras=True) | {"request": AnyRequest, "return": Response[Any]}
        del hints["form"]
        signature = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint)
            for name, hint in hints.items()
            if name != "return"
        ]
        answer.__signature__ = inspect.Signature(signature, return_annotation=Response[Any])  # type: ignore[attr-defined]
        answer.__annotations__ = hints
        answer.__name__, answer.__doc__, answer.__module__ = action.__name__, action.__doc__, action.__module__
        made = post(
            path,
            opt={"access": access},
            include_in_schema=False,
            exception_handlers=PAGE_HANDLERS,
            status_code=HTTPStatus.OK,
            **options,
        )
        return made(answer)

    return route


def _saying_so(request: AnyRequest, address: str) -> str:
    """An address whose page says that the form was carried out, where no script does.

    Where the address leads to the thing that was changed, the page marks that.
    """
    silent = "hx-request" in request.headers or "#" in address or address.startswith("/sign-in")
    return address if silent else f"{address}#{SAVED}"


async def _sent(request: AnyRequest) -> SentForm:
    sent = await request.form()
    fields, uploads = [], {}
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            uploads[name] = value
        else:
            fields.append((name, str(value)))
    return SentForm(fields, uploads)


async def _carried_out(request: AnyRequest, sent: SentForm, action: Callable[[], Awaitable[str]]) -> str:
    """Where a form leads. The same form sent again with the same in it, as by a double click, leads there as well, and
    nothing is done twice."""
    state = request.scope["state"]
    if not sent.text(ONCE) or sent.uploads or "session" not in state:
        return await action()
    content = hashlib.sha256(repr(sent.fields).encode("utf-8", "surrogatepass")).digest()
    services: Services = request.app.state.services
    return await services.sent.do((state["session"].id, request.url.path, content), action)


class NotSaved(Struct, frozen=True):
    """Why a form was not carried out, and which of its fields is wrong, where it is one."""

    text: str
    field: str = ""


def _not_saved(request: AnyRequest, error: Exception) -> Response[Any]:
    if isinstance(error, FieldProblem) and error.field.partition(".")[0] == BASED_ON:
        # No field that anybody sees.
        error = InvalidField(say("This form does not say which version it was made from. Load the page again."))
    if isinstance(error, StorageError):
        return PAGE_HANDLERS[StorageError](request, error)  # type: ignore[no-any-return]
    if "hx-request" in request.headers:
        problem = NotSaved(told(error), error.field if isinstance(error, FieldProblem) else "")
        return page("forms/not_saved.html", problem, HTTPStatus.UNPROCESSABLE_ENTITY)
    text = say("%(problem)s Go back: the form still has what you typed.", problem=told(error))
    if isinstance(error, FieldProblem):
        text = f"{error.field}: {text}"
    return page("page/error.html", ErrorPage(say("Not saved"), text), HTTPStatus.UNPROCESSABLE_ENTITY)
