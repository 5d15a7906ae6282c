"""The HTTP API of a practice's library: templates to start from, read and written by its therapists.

The library is no client's, so no read of it is audited, and no read model is made of it: it is small, and read from the
log when somebody asks.
"""

from __future__ import annotations

from datetime import UTC

import msgspec
from litestar import Router, get, post
from litestar.params import JSONBody
from msgspec import Struct

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.library import TEMPLATES
from intersession_schemas.streams import Kind
from intersession_server.library import shelved
from intersession_server.projections.read_models import RecordView
from intersession_server.projections.windows import MAX_LIMIT
from intersession_server.web.api.lists import LIST_ANSWERS, Before, Limit
from intersession_server.web.api.records import WRITE_ANSWERS, WRITE_HANDLERS, new_id
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.record.changes import NewTemplate, changed
from intersession_server.web.record.library import library_of
from intersession_server.web.record.paging import SortKey, page_of
from intersession_server.web.record.writing import WriteTarget, new_draft, write


class TemplateView(RecordView, frozen=True, kw_only=True):
    """A template of the practice."""

    template: Template


class BuiltIn(Struct, frozen=True):
    """A template that comes with Intersession, under a key that stays."""

    key: str
    template: Template


class Templates(Struct, frozen=True):
    """The practice's own templates, by title, and those that come with Intersession."""

    items: list[TemplateView]
    built_in: list[BuiltIn]
    next: str | None


@get("/templates", opt={"access": "therapist"}, responses=LIST_ANSWERS)
async def templates(
    services: GivenServices, session: GivenSession, limit: Limit = MAX_LIMIT, before: Before = None
) -> Templates:
    """Templates to start from: the practice's own, and those that come with Intersession."""
    found = await shelved(services.log, await library_of(services, session), Kind.TEMPLATE)
    own = [
        TemplateView(
            id=one.id,
            author=one.author,
            arrived_at=one.arrived_at,
            changed_by=one.changed_by,
            changed_at=one.changed_at,
            heads=one.heads,
            template=one.value,
        )
        for one in found
    ]
    own.sort(key=_place)
    page = page_of(own, _place, limit, before)
    return Templates(page.items, [BuiltIn(key, template) for key, template in TEMPLATES.items()], page.next)


def _place(one: TemplateView) -> SortKey:
    return one.template.title.casefold(), str(one.id)


@post("/templates", opt={"access": "therapist"}, responses=WRITE_ANSWERS)
async def make_template(services: GivenServices, session: GivenSession, data: JSONBody[NewTemplate]) -> TemplateView:
    """Add a template to the practice's library."""
    target = WriteTarget(await library_of(services, session), None)
    draft = new_draft(session, Kind.TEMPLATE, changed(Template(), data, new_id), services.clock().astimezone(UTC))
    await write(services, session, target, [draft])
    return TemplateView(**msgspec.structs.asdict(draft.record), template=draft.value)


def templates_router() -> Router:
    """The routes under `/api` of this module."""
    return Router(
        "/api", route_handlers=[templates, make_template], exception_handlers=WRITE_HANDLERS, tags=["library"]
    )
