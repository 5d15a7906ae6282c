"""The pages of a client's plan: all of it at a glance, and one for each part, where it is shaped in place."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec
from litestar import Router
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.documents.assessments.wordings import definition_of
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.instruments import INSTRUMENTS, labels
from intersession_schemas.streams import Kind
from intersession_server import library
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import current
from intersession_server.operator.commands import InstrumentListed
from intersession_server.operator.instruments import known_and_brought
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import VIEWS, GoalView, PlanView, RecordView, ResourceView
from intersession_server.projections.windows import Window, place_text, read_place
from intersession_server.services import Services
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.client.plan_views import (
    GoalCard,
    PlanCard,
    ResourceCard,
    goal_card,
    plan_card,
    resource_card,
)
from intersession_server.web.client.shell import Shell, shell_of
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.page.live_page import live_page
from intersession_server.web.plan import views
from intersession_server.web.plan.forms import FORMS, PARTS
from intersession_server.web.plan.goals import (
    GoalsShown,
    ResourcesShown,
    TopicShown,
    goal_shown,
    goal_states,
    resource_shown,
    topic_shown,
)
from intersession_server.web.record.care.planning import templates_for_plans
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.library import library_of
from intersession_server.web.record.paging import MAX_CURSOR

GOALS_PER_PAGE = 20
MOST_TOPICS = 50
MOST_RESOURCES = 50
"""Resources that can be chosen from where one is attached, the newest."""

First = Annotated[int, QueryParameter(name="from", ge=1, le=10_000)]
Before = Annotated[str | None, QueryParameter(max_length=MAX_CURSOR)]


class PlanShown(Struct, frozen=True, kw_only=True):
    """What is around each part of a plan. Its forms are sent with the version they were made on (`heads`)."""

    action: str
    part: str
    first: int
    heads: Sequence[str]
    changed: str
    problems: Sequence[str]


class PlanPage(Struct, frozen=True, kw_only=True):
    """A part of a plan: `shown` is what is on its page, and the rest what is around it."""

    shell: Shell
    plan: PlanShown
    today: date
    shown: (
        views.JournalShown
        | views.TrackersShown
        | views.AssessmentsPlanned
        | views.SafetyShown
        | views.DaysShown
        | GoalsShown
        | ResourcesShown
    )


class PlanGlance(Struct, frozen=True, kw_only=True):
    """All of a plan in words. `topics` are the open ones."""

    shell: Shell
    plan: PlanShown
    card: PlanCard
    goals: list[GoalCard]
    resources: list[ResourceCard]
    topics: list[TopicShown]


@live_page("/clients/{client:uuid}/plan", "plan/glance.html")
async def plan_glance(services: GivenServices, session: GivenSession, client_access: GivenAccess) -> PlanGlance:
    """The plan at a glance, with goals, resources and what the client wants to talk about."""
    shell, found, _, shown = await _asked(services, session, client_access, "")
    (goals_found, resources, topics) = await asyncio.gather(
        record_reading.page(GoalView, client_access.client, Window(GOALS_PER_PAGE)),
        record_reading.resources(client_access.client, Window(GOALS_PER_PAGE)),
        _topics(client_access, record_reading.agreed_in(found)),
    )
    last = await _last_changes(shell, [*goals_found.items, *resources.items])
    planned = record_reading.agreed_in(found)
    instruments = await _instruments(services, session) if planned.assessments else []
    view = PlanGlance(
        shell=shell,
        plan=shown,
        card=plan_card(planned, planned.day_of(shell.local), titles={key: title for key, title, _ in instruments}),
        goals=[goal_card(one, last.words(one)) for one in goals_found.items],
        resources=[resource_card(one, last.words(one)) for one in resources.items],
        topics=topics[0],
    )
    actions = (Action.PLAN_READ, Action.GOALS_READ, Action.RESOURCES_READ, Action.RECORD_READ)
    await note_read(services, session, client_access, shell.through, *actions)
    return view


@live_page("/clients/{client:uuid}/plan/journal", "plan/journal.html")
async def plan_journal(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, first: First = 1
) -> PlanPage:
    """The journal's template, with a preview of what the client sees."""
    shell, found, today, shown = await _asked(services, session, client_access, "journal", first)
    templates = await templates_for_plans(services, session, "journal")
    planned = record_reading.agreed_in(found)
    view = views.journal_shown(planned, today, first, templates)
    await note_read(services, session, client_access, shell.through, Action.PLAN_READ)
    return PlanPage(shell=shell, plan=shown, today=today, shown=view)


@live_page("/clients/{client:uuid}/plan/trackers", "plan/trackers.html")
async def plan_trackers(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, first: First = 1
) -> PlanPage:
    """What is followed between sessions."""
    shell, found, today, shown = await _asked(services, session, client_access, "trackers", first)
    resources = await _resources(client_access)
    view = views.trackers_shown(record_reading.agreed_in(found), today, first, resources)
    await note_read(services, session, client_access, shell.through, Action.PLAN_READ, Action.RESOURCES_READ)
    return PlanPage(shell=shell, plan=shown, today=today, shown=view)


@live_page("/clients/{client:uuid}/plan/assessments", "plan/assessments.html")
async def plan_assessments(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, first: First = 1
) -> PlanPage:
    """When which instrument is to be answered."""
    shell, found, today, shown = await _asked(services, session, client_access, "assessments", first)
    view = views.assessments_planned(record_reading.agreed_in(found), first, await _instruments(services, session))
    await note_read(services, session, client_access, shell.through, Action.PLAN_READ)
    return PlanPage(shell=shell, plan=shown, today=today, shown=view)


@live_page("/clients/{client:uuid}/plan/safety", "plan/safety.html")
async def plan_safety(services: GivenServices, session: GivenSession, client_access: GivenAccess) -> PlanPage:
    """The safety plan, with a preview of what the client sees."""
    shell, found, today, shown = await _asked(services, session, client_access, "safety")
    resources = await _resources(client_access)
    templates = await templates_for_plans(services, session, "safety_plan")
    view = views.safety_shown(record_reading.agreed_in(found), resources, templates)
    await note_read(services, session, client_access, shell.through, Action.PLAN_READ, Action.RESOURCES_READ)
    return PlanPage(shell=shell, plan=shown, today=today, shown=view)


@live_page("/clients/{client:uuid}/plan/days", "plan/days.html")
async def plan_days(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, first: First = 1
) -> PlanPage:
    """Pauses, the hour at which days begin, and from where on something is a signal."""
    shell, found, today, shown = await _asked(services, session, client_access, "days", first)
    worded = (await record_reading.wordings(client_access.client)).values()
    brought = {one.key: one for one in map(definition_of, worded) if one is not None}
    view = views.days_shown(record_reading.agreed_in(found), first, brought | INSTRUMENTS)
    await note_read(services, session, client_access, shell.through, Action.PLAN_READ)
    return PlanPage(shell=shell, plan=shown, today=today, shown=view)


@live_page("/clients/{client:uuid}/plan/goals", "plan/goals.html")
async def plan_goals(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, before: Before = None
) -> PlanPage:
    """Goals with their steps, and what the client wants to talk about. `before` goes back in the goals."""
    shell, found, today, shown = await _asked(services, session, client_access, "goals", before=before)
    window = Window(GOALS_PER_PAGE, None if before is None else read_place(before))
    documents, topics = await asyncio.gather(
        record_reading.page(GoalView, client_access.client, window),
        _topics(client_access, record_reading.agreed_in(found)),
    )
    last = await _last_changes(shell, documents.items)
    view = GoalsShown(
        goals=[goal_shown(one, last.words(one)) for one in documents.items],
        older=None if documents.last is None else place_text(documents.last),
        states=goal_states(),
        open=topics[0],
        talked=topics[1],
        more_topics=topics[2],
    )
    actions = (Action.PLAN_READ, Action.GOALS_READ, Action.RECORD_READ)
    await note_read(services, session, client_access, shell.through, *actions)
    return PlanPage(shell=shell, plan=shown, today=today, shown=view)


@live_page("/clients/{client:uuid}/plan/resources", "plan/resources.html")
async def plan_resources(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, before: Before = None
) -> PlanPage:
    """What the client was given to read or do. `before` goes back in it."""
    shell, found, today, shown = await _asked(services, session, client_access, "resources", before=before)
    window = Window(GOALS_PER_PAGE, None if before is None else read_place(before))
    documents = await record_reading.resources(client_access.client, window)
    last, planned = await _last_changes(shell, documents.items), record_reading.agreed_in(found)
    view = ResourcesShown(
        resources=[resource_shown(one, planned, last.words(one)) for one in documents.items],
        older=None if documents.last is None else place_text(documents.last),
    )
    await note_read(services, session, client_access, shell.through, Action.PLAN_READ, Action.RESOURCES_READ)
    return PlanPage(shell=shell, plan=shown, today=today, shown=view)


def plan_router() -> Router:
    """The pages of a plan, and what their forms are sent to."""
    pages = (
        plan_glance,
        plan_journal,
        plan_trackers,
        plan_assessments,
        plan_safety,
        plan_days,
        plan_goals,
        plan_resources,
    )
    return Router("/", route_handlers=[*(route for routes in pages for route in routes), *FORMS])


# --- what is read -----------------------------------------------------------------------------------------------------


def _title(one: InstrumentListed) -> str:
    known = INSTRUMENTS.get(one.key)
    return one.title if known is None else labels.title(known, current().tag)


async def _asked(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    part: PARTS,
    first: int = 1,
    before: str | None = None,
) -> tuple[Shell, PlanView | None, date, PlanShown]:
    """What is around a page, the plan, the client's day, and what every form on the page sends along."""
    query = {"from": str(first) if first > 1 else None, "before": before}
    shell = await shell_of(services, session, access, "plan", query)
    if part:
        shell = msgspec.structs.replace(shell, address=shell.address.replace("/plan", f"/plan/{part}", 1))
    found = await record_reading.plan(access.client)
    planned: Plan = record_reading.agreed_in(found)
    last = await _last_changes(shell, [] if found is None else [found])
    shown = PlanShown(
        action=f"{shell.here}/plan",
        part=part,
        first=first,
        heads=[] if found is None else found.heads,
        changed="" if found is None else last.words(found),
        problems=planned.problems,
    )
    return shell, found, planned.day_of(shell.local), shown


async def _last_changes(shell: Shell, documents: Sequence[RecordView]) -> LastChanges:
    names = await names_of(list({one.changed_by for one in documents}))
    return LastChanges(names, shell.local.tzinfo or LastChanges().zone)


async def _instruments(services: Services, session: CurrentSession) -> list[tuple[str, str, bool]]:
    """Key and title of every instrument of the practice, and whether it can be offered to clients."""
    brought = await library.wordings(services.log, await library_of(services, session))
    return [(one.key, _title(one), one.offered) for one in known_and_brought(brought)]


async def _resources(access: ClientAccess) -> Sequence[ResourceView]:
    return (await record_reading.page(ResourceView, access.client, Window(MOST_RESOURCES))).items


async def _topics(access: ClientAccess, planned: Plan) -> tuple[list[TopicShown], list[TopicShown], bool]:
    """The newest topics: those that are open, those that are ticked off, and whether there are more."""
    found = await record_reading.page(VIEWS[Kind.TOPIC], access.client, Window(MOST_TOPICS))
    open_: list[TopicShown] = []
    talked: list[TopicShown] = []
    for view in found.items:
        topic = view.topic  # type: ignore[attr-defined]  # the view of this kind is made from its shape
        day = None if topic.made_at is None else planned.day_of(topic.made_at)
        (open_ if topic.talked_on is None else talked).append(topic_shown(view.id, topic, day))
    return open_, talked, found.last is not None
