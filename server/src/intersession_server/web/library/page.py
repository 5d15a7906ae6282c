"""The practice's library on pages: what is in it, one of it as a client will meet it, and the forms that change it.

It is no client's, so no read of it is audited.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.library import TEMPLATES, template_in, templates_in
from intersession_server.accounts.people import names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import current
from intersession_server.projections.read_models import RecordView
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.forms.worksheet import QuestionShown, questions_shown
from intersession_server.web.library import acting
from intersession_server.web.library.shelf_fields import (
    ResourceFields,
    TemplateFields,
    resource_fields,
    template_fields,
)
from intersession_server.web.library.shelves import (
    Makes,
    ShelfCard,
    all_makes,
    found,
    kind_words,
    resource_cards,
    searched,
    template_cards,
)
from intersession_server.web.live import library_mark
from intersession_server.web.page.live_page import live_page
from intersession_server.web.page.prose import FoldedText, prose
from intersession_server.web.page.recurrence import rule
from intersession_server.web.record.shelf.templates import (
    library_resource,
    library_resources,
    own_template,
    own_templates,
    template_named,
)
from intersession_server.web.record.writing import not_found

Sought = Annotated[str, QueryParameter(max_length=200)]
Named = Annotated[str | None, QueryParameter(max_length=64)]
Kept = Annotated[str, QueryParameter(max_length=20)]


class LibraryPage(Struct, frozen=True, kw_only=True):
    """What is in the library, or with `away` what was put away of it, of which there are `in_away`.

    `kinds`: what one can look for, by name, with how many there are.
    """

    session: CurrentSession
    now: datetime
    address: str
    state: str
    cards: list[ShelfCard]
    sought: str
    makes: str
    kinds: list[tuple[str, str, int]]
    in_all: int
    away: bool
    in_away: int


class TemplatePage(Struct, frozen=True, kw_only=True):
    """A template as a client will meet it. `fields` is the form that changes it; None of one that is shipped."""

    session: CurrentSession
    now: datetime
    address: str
    state: str
    name: str
    template: Template
    kind: str
    about: FoldedText
    what: FoldedText
    why: FoldedText
    when: str
    questions: list[QuestionShown]
    steps: list[str]
    fields: TemplateFields | None
    heads: list[str]
    changed: str


class ResourcePage(Struct, frozen=True, kw_only=True):
    """A resource as a client will meet it, and the form that changes it."""

    session: CurrentSession
    now: datetime
    address: str
    state: str
    name: str
    resource: Resource
    text: FoldedText
    steps: list[str]
    fields: ResourceFields
    heads: list[str]
    changed: str


class NewTemplatePage(Struct, frozen=True, kw_only=True):
    """The form of a new template; `source` is the title of the one that it is copied from."""

    session: CurrentSession
    now: datetime
    fields: TemplateFields
    source: str
    state: str = ""


class NewResourcePage(Struct, frozen=True, kw_only=True):
    """The form of a new resource; `source` is the title of the template that it is made from."""

    session: CurrentSession
    now: datetime
    fields: ResourceFields
    source: str
    state: str = ""


@live_page("/library", "library/library.html", access="therapist")
async def library_page(
    services: GivenServices, session: GivenSession, q: Sought = "", makes: Kept = "", show: Kept = ""
) -> LibraryPage:
    """Templates and resources: the practice's own, and the templates that come with Intersession; with `show=away`
    those that were put away."""
    state = await library_mark(services, session)  # before what it is of: what comes meanwhile moves the page
    own, resources = await own_templates(services, session), await library_resources(services, session)
    shipped = templates_in(current().tag)
    texts = dict(searched(str(one.id), one.template) for one in own)
    texts |= dict(searched(key, one) for key, one in shipped.items())
    texts |= dict(searched(str(one.id), one.resource) for one in resources)
    away = show == "away"
    all_cards = [*template_cards(own, shipped), *resource_cards(resources)]
    cards = [one for one in all_cards if one.retired is away]
    kind = makes if makes in all_makes() else ""
    with_words = found(cards, texts, q, "")
    asked = {"show": "away" if away else "", "makes": kind, "q": q}
    query = urlencode({name: value for name, value in asked.items() if value})
    return LibraryPage(
        session=session,
        now=services.clock(),
        address=f"/library?{query}" if query else "/library",
        state=state,
        cards=found(cards, texts, q, kind),
        sought=q,
        makes=kind,
        kinds=[(one, kind_words(one), sum(card.makes == one for card in with_words)) for one in all_makes()],
        in_all=len(with_words),
        away=away,
        in_away=sum(one.retired for one in all_cards),
    )


@live_page("/library/templates/{name:str}", "library/template.html", access="therapist")
async def template_page(services: GivenServices, session: GivenSession, name: FromPath[str]) -> TemplatePage:
    """One template. Raises `Refused` (`not_found`)."""
    state = await library_mark(services, session)
    view = None if name in TEMPLATES else await own_template(services, session, _id(name))
    template = template_in(name, current().tag) if view is None else view.template
    return TemplatePage(
        session=session,
        now=services.clock(),
        address=f"/library/templates/{name}",
        state=state,
        name=name,
        template=template,
        kind=kind_words(template.makes),
        about=prose(template.about),
        what=prose(template.what),
        why=prose(template.why),
        when=rule(template.rule) if template.rule else "",
        questions=questions_shown(template.fields),
        steps=[one.text or one.contact for one in sorted(template.steps.values(), key=lambda one: one.order)],
        fields=None if view is None else template_fields(template),
        heads=[] if view is None else view.heads,
        changed="" if view is None else await _changed(view),
    )


@live_page("/library/resources/{name:str}", "library/resource.html", access="therapist")
async def resource_page(services: GivenServices, session: GivenSession, name: FromPath[str]) -> ResourcePage:
    """One resource. Raises `Refused` (`not_found`)."""
    state = await library_mark(services, session)
    view = await library_resource(services, session, _id(name))
    return ResourcePage(
        session=session,
        now=services.clock(),
        address=f"/library/resources/{name}",
        state=state,
        name=name,
        resource=view.resource,
        text=prose(view.resource.text),
        steps=[one.text for one in sorted(view.resource.steps.values(), key=lambda one: one.order)],
        fields=resource_fields(view.resource),
        heads=view.heads,
        changed=await _changed(view),
    )


@live_page("/library/new-template", "library/new_template.html", access="therapist")
async def new_template_page(
    services: GivenServices, session: GivenSession, copy: Named = None, makes: Kept = "homework"
) -> NewTemplatePage:
    """The form of a new template: empty, or a copy of another."""
    source = None if copy is None else await template_named(services, session, copy)
    makes_it: Makes = next((one for one in all_makes() if one == makes and one != "given"), "homework")
    template = Template(makes=makes_it) if source is None else source  # type: ignore[arg-type]  # not `given`
    return NewTemplatePage(
        session=session,
        now=services.clock(),
        fields=template_fields(template),
        source="" if source is None else source.title,
    )


@live_page("/library/new-resource", "library/new_resource.html", access="therapist")
async def new_resource_page(services: GivenServices, session: GivenSession, copy: Named = None) -> NewResourcePage:
    """The form of a new resource: empty, or what a template makes."""
    source = None if copy is None else await template_named(services, session, copy)
    return NewResourcePage(
        session=session,
        now=services.clock(),
        fields=resource_fields(Resource() if source is None else acting.resource_of(source)),
        source="" if source is None else source.title,
    )


def library_router() -> Router:
    """The pages, and what their forms are sent to."""
    pages = (*library_page, *template_page, *resource_page, *new_template_page, *new_resource_page)
    return Router("/", route_handlers=[*pages, *acting.FORMS])


def _id(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        raise not_found() from None


async def _changed(view: RecordView) -> str:
    return LastChanges(await names_of([view.changed_by])).words(view)
