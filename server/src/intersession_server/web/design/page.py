"""`/design`: type, spacing, colours with their contrast, and every component in every state. In the demo only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from litestar import Response, Router, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from msgspec import Struct

from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.web.assets import ASSETS, STYLE_SHEET
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.design.contrast import ColourPair, colours, pairs
from intersession_server.web.design.samples import Samples, samples
from intersession_server.web.page.error_pages import PAGE_HANDLERS
from intersession_server.web.page.rendering import WHOLE, page

TYPE = (
    ("text-page", "The name of a page"),
    ("text-section", "A section"),
    ("text-part", "A part of a section"),
    ("text-reading", "What a client wrote, to be read at length"),
    ("text", "Everything else"),
    ("text-quiet", "What explains, and what buttons say"),
    ("text-small", "Units, offsets, the heads of tables"),
)
SPACING = ("s1", "s2", "s3", "s4", "s5", "s6")


class DesignPage(Struct, frozen=True):
    """What the page shows. `light` and `dark`: the colours by name, with the pairs that are used."""

    session: CurrentSession
    now: datetime
    light: Mapping[str, str]
    dark: Mapping[str, str]
    light_pairs: list[ColourPair]
    dark_pairs: list[ColourPair]
    samples: Samples
    type_scale: tuple[tuple[str, str], ...] = TYPE
    spacing: tuple[str, ...] = SPACING


@get("/design", opt={"access": "therapist"}, include_in_schema=False)
async def design(services: GivenServices, session: GivenSession) -> Response[str]:
    """The page. Raises `NotFoundException` where this is no demo."""
    if not services.demo:
        raise NotFoundException
    light, dark = colours(ASSETS[STYLE_SHEET].content.decode())
    now = services.clock()
    view = DesignPage(session, now, light, dark, pairs(light), pairs(dark), samples(now))
    return page("design/design.html", view, layout=WHOLE)


@post("/design", opt={"access": "therapist"}, include_in_schema=False, status_code=200)
async def design_form(session: GivenSession) -> Redirect:
    """What the page's forms are sent to: nothing is kept."""
    return Redirect("/design", status_code=303)


def design_router() -> Router:
    """The routes of this module."""
    return Router("/", route_handlers=[design, design_form], exception_handlers=PAGE_HANDLERS)
