"""A page that moves by itself: one function makes its view, and two addresses serve it.

    @live_page("/clients/{client:uuid}/timeline", "timeline/timeline.html")
    async def timeline(services, session, client_access, before: Before = None) -> TimelinePage: ...

The first address is the whole page, which works without script. Under `/fragments`, the script has its content alone:
the same view and template, without keeping the session awake.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, get_type_hints

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from intersession_server.web.page.error_pages import PAGE_HANDLERS
from intersession_server.web.page.rendering import FRAGMENT, WHOLE, page
from intersession_server.work import effort

View = Callable[..., Awaitable[Struct]]


def live_page(
    path: str, template: str, *, access: str = "client-record", words_in_address: bool = False
) -> Callable[[View], list[HTTPRouteHandler]]:
    """The routes of a page, from the function that makes its view. `access` is the rule of both.

    `words_in_address`: its address holds what somebody typed.
    """
    opt: dict[str, Any] = {"access": access, "words_in_address": words_in_address}

    def routes(view: View) -> list[HTTPRouteHandler]:
        whole = get(path, opt=opt, include_in_schema=False, exception_handlers=PAGE_HANDLERS)
        fragment = get(f"/fragments{path}", opt={**opt, "live": True}, include_in_schema=False)
        return [whole(_rendered(view, template, WHOLE)), fragment(_rendered(view, template, FRAGMENT))]

    return routes


def _rendered(view: View, template: str, layout: str) -> Any:
    async def answer(**given: Any) -> Response[str]:
        made = await view(**given)
        return await effort.in_thread(page, template, made, layout=layout)

    # Litestar reads what a route takes from its signature.
    hints = get_type_hints(view, include_extras=True) | {"return": Response[str]}
    parameters = inspect.signature(view).parameters.values()
    signature = [one.replace(kind=one.KEYWORD_ONLY, annotation=hints[one.name]) for one in parameters]
    answer.__signature__ = inspect.Signature(signature, return_annotation=Response[str])  # type: ignore[attr-defined]
    answer.__annotations__ = hints
    answer.__name__, answer.__doc__, answer.__module__ = view.__name__, view.__doc__, view.__module__
    return answer
