"""The HTTP API of a practice's library: templates and resources to start from, read and written by its therapists.

The library is no client's, so no read of it is audited.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Router, get, patch, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.library import templates_in
from intersession_schemas.streams import Kind
from intersession_server.projections.windows import MAX_LIMIT
from intersession_server.web.api.lists import LIST_ANSWERS, Before, Limit
from intersession_server.web.api.records import WRITE_ANSWERS, WRITE_HANDLERS
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.record.as_of import Locale
from intersession_server.web.record.changes import NewResource, NewTemplate, ResourceChange, TemplateChange
from intersession_server.web.record.paging import PageOfList, SortKey, page_of
from intersession_server.web.record.shelf.shelf_views import LibraryResourceView, TemplateView
from intersession_server.web.record.shelf.templates import (
    change_shelved,
    library_resources,
    own_templates,
    resource_view,
    shelve,
    template_view,
)

_WRITE: dict[str, Any] = {"opt": {"access": "therapist"}, "responses": WRITE_ANSWERS}
_CHANGE: dict[str, Any] = {**_WRITE, "status_code": 200}


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
    services: GivenServices,
    session: GivenSession,
    locale: Locale = "en",
    limit: Limit = MAX_LIMIT,
    before: Before = None,
) -> Templates:
    """Templates to start from: the practice's own, and those of Intersession in the language of `locale`."""
    page = page_of(await own_templates(services, session), _place, limit, before)
    return Templates(page.items, [BuiltIn(key, template) for key, template in templates_in(locale).items()], page.next)


def _place(one: TemplateView) -> SortKey:
    return one.template.title.casefold(), str(one.id)


@post("/templates", **_WRITE)
async def make_template(services: GivenServices, session: GivenSession, data: JSONBody[NewTemplate]) -> TemplateView:
    """Add a template to the practice's library."""
    return template_view(await shelve(services, session, Kind.TEMPLATE, data))


@patch("/templates/{document:uuid}", **_CHANGE)
async def change_template(
    services: GivenServices, session: GivenSession, document: FromPath[UUID], data: JSONBody[TemplateChange]
) -> TemplateView:
    """Change a template of the practice's library."""
    return template_view(await change_shelved(services, session, Kind.TEMPLATE, document, data))


@get("/library/resources", opt={"access": "therapist"}, responses=LIST_ANSWERS)
async def resources(
    services: GivenServices, session: GivenSession, limit: Limit = MAX_LIMIT, before: Before = None
) -> PageOfList[LibraryResourceView]:
    """The resources of the practice's library, by title."""
    return page_of(await library_resources(services, session), _resource_place, limit, before)


def _resource_place(one: LibraryResourceView) -> SortKey:
    return one.resource.title.casefold(), str(one.id)


@post("/library/resources", **_WRITE)
async def make_resource(
    services: GivenServices, session: GivenSession, data: JSONBody[NewResource]
) -> LibraryResourceView:
    """Add a resource to the practice's library."""
    return resource_view(await shelve(services, session, Kind.RESOURCE, data))


@patch("/library/resources/{document:uuid}", **_CHANGE)
async def change_resource(
    services: GivenServices, session: GivenSession, document: FromPath[UUID], data: JSONBody[ResourceChange]
) -> LibraryResourceView:
    """Change a resource of the practice's library."""
    return resource_view(await change_shelved(services, session, Kind.RESOURCE, document, data))


def templates_router() -> Router:
    """The routes under `/api` of this module."""
    return Router(
        "/api",
        route_handlers=[templates, make_template, change_template, resources, make_resource, change_resource],
        exception_handlers=WRITE_HANDLERS,
        tags=["library"],
    )
