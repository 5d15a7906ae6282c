"""A client's homework on pages: what goes on and what has ended, one assignment, and a form for a new one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.library import templates_in
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.language.language import current
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import GoalView, HomeworkView, ResourceView
from intersession_server.web.client.homework_views import HomeworkCard, homework_card, is_ended, title
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.client.shell import Shell, shell_of
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.homework import acting
from intersession_server.web.homework.assignment_fields import (
    AssignmentFields,
    CareShown,
    assignment_fields,
    homework_of,
)
from intersession_server.web.homework.overview import HomeworkOverview, ReportComment, comments_shown, overview
from intersession_server.web.library.shelves import ShelfCard, found, searched, template_cards
from intersession_server.web.page.live_page import live_page
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.shelf.templates import own_templates, template_named
from intersession_server.web.record.writing import not_found
from intersession_server.work import effort

SCRATCH = "scratch"
"""What stands for no template in an address."""
_REPORTS_COMMENTED = 20
_COMMENTS_OF_ONE = 20

PageNumber = Annotated[int | None, QueryParameter(ge=1, le=1_000)]
Sought = Annotated[str, QueryParameter(max_length=200)]
Named = Annotated[str | None, QueryParameter(max_length=64)]


class HomeworkPage(Struct, frozen=True, kw_only=True):
    """All homework of a client."""

    shell: Shell
    homework: HomeworkOverview
    opened: bool


class OneAssignmentPage(Struct, frozen=True, kw_only=True):
    """One assignment: what became of it, and the forms that change it, review it and let it go on as another."""

    shell: Shell
    card: HomeworkCard
    heads: list[str]
    what: str
    goal: str
    resources: list[str]
    questions: int
    comments: Mapping[UUID, Sequence[ReportComment]]
    fields: AssignmentFields
    successor: AssignmentFields
    ends_on: str


class NewAssignmentPage(Struct, frozen=True, kw_only=True):
    """Templates to choose from; or the form of what was chosen."""

    shell: Shell
    cards: list[ShelfCard]
    sought: str
    chosen: str
    fields: AssignmentFields | None


@live_page("/clients/{client:uuid}/homework", "homework/homework.html")
async def homework_page(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, ended: PageNumber = None
) -> HomeworkPage:
    """A client's homework: current first, with the state of each occurrence; `ended` is a page of what has ended."""
    query = {"ended": None if ended is None else str(ended)}
    shell = await shell_of(services, session, client_access, "homework", query)
    planned, assigned = await services.shared.of(("homework", shell.state), lambda: _assigned(shell))
    last = await _last_changes(assigned, shell)
    today = planned.day_of(shell.local)
    made = await services.shared.of(
        ("homework shown", shell.state, ended, frozenset(last.names.items())),
        lambda: effort.in_thread(overview, assigned, today, last, ended or 1),
    )
    await note_read(services, session, client_access, shell.through, Action.HOMEWORK_READ)
    return HomeworkPage(shell=shell, homework=made, opened=ended is not None)


@live_page("/clients/{client:uuid}/homework/{homework:uuid}", "homework/assignment.html")
async def assignment_page(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, homework: FromPath[UUID]
) -> OneAssignmentPage:
    """One assignment. Raises `Refused` (`not_found`)."""
    client = client_access.client
    shell = await shell_of(services, session, client_access, "homework")
    shell = msgspec.structs.replace(shell, address=f"{shell.address}/{homework}")
    planned = await record_reading.agreed(client)
    view, care = await asyncio.gather(
        record_reading.one_homework(client, homework, planned, shell.local), _care(client_access)
    )
    if view is None:
        raise not_found()
    said = await record_reading.comments_on(
        client, [one.id for one in view.progress[:_REPORTS_COMMENTED]], _COMMENTS_OF_ONE
    )
    authors = {one.author for comments in said.values() for one in comments}
    last = await _last_changes([view], shell, authors)
    today = planned.day_of(shell.local)
    given = view.homework
    ends = given.ended_on is not None and not is_ended(given, today)
    made = OneAssignmentPage(
        shell=shell,
        card=await effort.in_thread(homework_card, view, today, last.words(view), last.names),
        heads=view.heads,
        what=given.what,
        goal=next((title(one.goal.what.strip()) for one in care.goals if one.id == given.goal), ""),
        resources=[one.resource.title for one in care.resources if one.id in given.resources],
        questions=len(given.fields),
        comments=comments_shown(said, last.names, shell.local.tzinfo or UTC),
        fields=assignment_fields(given, care, today),
        successor=assignment_fields(given, care, today, prefix=acting.SUCCESSOR, fresh=True),
        ends_on=str(given.ended_on) if ends else "",
    )
    actions = (Action.HOMEWORK_READ, Action.COMMENTS_READ, Action.GOALS_READ, Action.RESOURCES_READ)
    await note_read(services, session, client_access, shell.through, *actions)
    return made


@live_page("/clients/{client:uuid}/homework/new", "homework/new.html")
async def new_assignment_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    template: Named = None,
    q: Sought = "",
) -> NewAssignmentPage:
    """Homework to be assigned: first a template is chosen, or none, then its fields are filled in."""
    shell = await shell_of(services, session, client_access, "homework", {"template": template, "q": q or None})
    path, _, query = shell.address.partition("?")
    shell = msgspec.structs.replace(shell, address=f"{path}/new?{query}" if query else f"{path}/new")
    if template is None:
        own = [one for one in await own_templates(services, session) if not one.template.retired]
        shipped = templates_in(current().tag)
        texts = dict(searched(str(one.id), one.template) for one in own)
        texts |= dict(searched(key, one) for key, one in shipped.items())
        cards = [one for one in template_cards(own, shipped) if one.makes in ("homework", "journal")]
        made = NewAssignmentPage(shell=shell, cards=found(cards, texts, q, ""), sought=q, chosen="", fields=None)
    else:
        chosen = None if template == SCRATCH else await template_named(services, session, template)
        blank = Homework() if chosen is None else homework_of(chosen)
        planned = await record_reading.agreed(client_access.client)
        fields = assignment_fields(blank, await _care(client_access), planned.day_of(shell.local), fresh=True)
        words = "" if chosen is None else chosen.title
        made = NewAssignmentPage(shell=shell, cards=[], sought="", chosen=words, fields=fields)
    shown = (Action.RECORD_READ,) if template is None else (Action.GOALS_READ, Action.RESOURCES_READ)
    await note_read(services, session, client_access, shell.through, *shown)
    return made


def homework_router() -> Router:
    """The pages, and what their forms are sent to."""
    return Router("/", route_handlers=[*homework_page, *new_assignment_page, *assignment_page, *acting.FORMS])


async def _assigned(shell: Shell) -> tuple[Plan, list[HomeworkView]]:
    """The plan and what was assigned by it: all reports of it are read, so once for all who look."""
    planned = await record_reading.agreed(shell.access.client)
    return planned, (await record_reading.homework(shell.access.client, planned, shell.local)).items


async def _care(access: ClientAccess) -> CareShown:
    goals, resources = await asyncio.gather(
        record_reading.page(GoalView, access.client), record_reading.page(ResourceView, access.client)
    )
    open_goals = [one for one in goals.items if one.goal.state == "open"]
    return CareShown(open_goals, resources.items)


async def _last_changes(
    views: Sequence[HomeworkView], shell: Shell, others: frozenset[UUID] | set[UUID] = frozenset()
) -> LastChanges:
    people = {one.changed_by for one in views} | {review.author for one in views for review in one.reviews}
    return LastChanges(await names_of(list(people | others)), shell.local.tzinfo or UTC)
