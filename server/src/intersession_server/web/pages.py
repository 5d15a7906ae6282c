"""The therapist's pages: the caseload, and one client. They work without script; with it they move by themselves.

The script fetches `/fragments/…`: the same content, from the same function, without keeping the session awake.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get
from litestar.params import QueryParameter

from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.measures.material import Cut
from intersession_schemas.measures.scores import instruments_of, measured
from intersession_schemas.measures.signals import signals
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import reading, record_reading
from intersession_server.projections.read_models import PlanView, SymptomLogView
from intersession_server.projections.windows import Window, place_text, read_place
from intersession_server.services import Services
from intersession_server.web.api import client_items, through_of
from intersession_server.web.care import clients_in_care, mark_of, note_caseload_read, note_read, states
from intersession_server.web.error_pages import PAGE_HANDLERS
from intersession_server.web.events import state_text
from intersession_server.web.given import GivenAccess, GivenServices, GivenSession
from intersession_server.web.last_change import LastChanges
from intersession_server.web.measure_views import MeasureCards, measure_cards
from intersession_server.web.plan_views import CareCards, care_cards
from intersession_server.web.rendering import page
from intersession_server.web.views import RANGES, RangeName, days_of_range, entry_card, symptoms
from intersession_server.work import effort

ENTRIES_PER_PAGE = 20
MOST_LOGS = 2_000
MOST_VALUES = 40_000
"""Of a range with more logs or values than this the newest logs are drawn, and the page says so."""
_LOGS_AT_ONCE = 250

Range = Annotated[RangeName, QueryParameter(name="range")]
Before = Annotated[str | None, QueryParameter(max_length=200)]
Values = dict[str, Any]


@get("/", opt={"access": "therapist"}, include_in_schema=False)
async def caseload(services: GivenServices, session: GivenSession) -> Response[str]:
    """The clients in care: who wrote when, and when their devices were last heard from."""
    return await effort.in_thread(page, "caseload.html", **await _caseload(services, session))


@get("/fragments/clients", opt={"access": "therapist", "live": True}, include_in_schema=False)
async def caseload_fragment(services: GivenServices, session: GivenSession) -> Response[str]:
    """The content of the caseload, for the script."""
    return await effort.in_thread(page, "caseload_main.html", **await _caseload(services, session))


@get("/clients/{client:uuid}", opt={"access": "client-record"}, include_in_schema=False)
async def client_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    range_: Range = "2w",
    before: Before = None,
) -> Response[str]:
    """One client: journal entries, newest first, and a chart per symptom. `before` goes back in the entries."""
    values = await _client(services, session, client_access, range_, before)
    return await effort.in_thread(page, "client.html", **values)


@get("/fragments/clients/{client:uuid}", opt={"access": "client-record", "live": True}, include_in_schema=False)
async def client_fragment(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    range_: Range = "2w",
    before: Before = None,
) -> Response[str]:
    """The content of one client's page, for the script."""
    values = await _client(services, session, client_access, range_, before)
    return await effort.in_thread(page, "client_main.html", **values)


def pages_router() -> Router:
    """The pages, and their content for the script."""
    fragments = Router("/", route_handlers=[caseload_fragment, client_fragment])
    whole = Router(
        "/",
        route_handlers=[caseload, client_page],
        exception_handlers=PAGE_HANDLERS,
    )
    return Router("/", route_handlers=[fragments, whole])


async def _caseload(services: Services, session: CurrentSession) -> Values:
    marks = await states(services, await clients_in_care(services, session))
    items = await client_items(services, session)
    # Who was heard from last comes first; those of whom nothing has arrived come last, by name.
    items.sort(key=lambda item: item.last_arrived_at.timestamp() if item.last_arrived_at else 0.0, reverse=True)
    await note_caseload_read(services, session)
    return {"session": session, "now": services.clock(), "clients": items, "state": state_text(marks)}


async def _client(
    services: Services, session: CurrentSession, access: ClientAccess, range_: RangeName, before: str | None
) -> Values:
    place = None if before is None else read_place(before)
    # First of all how far it is: what is shown is then at least that new.
    through, heard, zone = await asyncio.gather(
        through_of(access), services.devices.last_heard([access.client]), record_reading.local_time(access.client)
    )
    heard_at = heard.get(access.client)
    summaries, (entries, next_) = await asyncio.gather(
        reading.summaries([access.client]), reading.entries(access.client, Window(ENTRIES_PER_PAGE, place))
    )
    now = services.clock().astimezone(zone)
    values: Values = {
        "session": session,
        "now": services.clock(),
        "access": access,
        "mark": mark_of(through, heard_at),
        "summary": summaries[access.client],
        "heard": heard_at,
        "entries": [entry_card(entry) for entry in entries],
        "older": None if next_ is None else place_text(next_),
        "newest": place is None,
        "before": before,
        "range": range_,
        "ranges": RANGES,
        "symptoms": None,
        "latest_log": None,
        "unreadable": [],
        "unreadable_in_all": 0,
        "cut": None,
        "care": None,
        "measures": None,
    }
    actions = [Action.ENTRIES_READ]
    if place is None:
        plan = await record_reading.plan(access.client)
        shown, values["care"], values["measures"] = await asyncio.gather(
            _symptoms(access, range_, record_reading.agreed_in(plan), now),
            _care(access, plan, now),
            _measures(services, access, now, through, heard_at),
        )
        values |= shown
        actions += [
            Action.SYMPTOMS_READ,
            Action.PLAN_READ,
            Action.HOMEWORK_READ,
            Action.GOALS_READ,
            Action.RESOURCES_READ,
            Action.ASSESSMENTS_READ,
            Action.SIGNALS_READ,
            Action.SESSIONS_READ,
        ]
    await note_read(services, session, access, through, *actions)
    return values


async def _symptoms(access: ClientAccess, range_: RangeName, planned: Plan, now: datetime) -> Values:
    (latest, _), (unreadable, in_all) = await asyncio.gather(
        reading.symptom_logs(access.client, Window(limit=1)), reading.problems(access.client)
    )
    values: Values = {"unreadable": unreadable, "unreadable_in_all": in_all}
    if not latest:
        return values
    first, last = days_of_range(range_, planned.day_of(now))
    window = Window(limit=_LOGS_AT_ONCE, since=first, until=last, day_begins=planned.day_begins)
    logs, more = await _logs_drawn(access, window)
    drawn = await effort.in_thread(symptoms, range_, first, last, logs, planned.day_begins)
    return values | {"latest_log": latest[0], "symptoms": drawn, "cut": len(logs) if more else None}


async def _logs_drawn(access: ClientAccess, window: Window) -> tuple[list[SymptomLogView], bool]:
    """The newest logs of a range, as many as are drawn, and whether there are more."""
    found: list[SymptomLogView] = []
    values = 0
    while len(found) < MOST_LOGS and values < MOST_VALUES:
        window = msgspec.structs.replace(window, limit=min(_LOGS_AT_ONCE, MOST_LOGS - len(found)))
        logs, place = await reading.symptom_logs(access.client, window)
        found += logs
        if place is None:
            return found, False
        values += sum(len(log.values) for log in logs)
        window = msgspec.structs.replace(window, after=place)
    return found, True


async def _care(access: ClientAccess, plan: PlanView | None, now: datetime) -> CareCards:
    client, planned = access.client, record_reading.agreed_in(plan)
    homework, goals, resources = await asyncio.gather(
        record_reading.homework(client, planned, now),
        record_reading.goals(client),
        record_reading.resources(client),
    )
    shown = [*([plan] if plan else []), *homework, *goals, *resources]
    names = await names_of(list({one.changed_by for one in shown}))
    last = LastChanges(names, now.tzinfo or UTC)
    return care_cards(plan, homework, goals, resources, planned.day_of(now), last)


async def _measures(
    services: Services, access: ClientAccess, now: datetime, through: int, heard_at: datetime | None
) -> MeasureCards:
    material, sessions = await asyncio.gather(
        services.materials.of(access.record_stream, access.client, through, heard_at),
        record_reading.sessions(access.client),
    )
    cut = Cut(heads={str(access.record_stream): through}, now=now, zone=str(now.tzinfo))
    found = await effort.in_thread(lambda: (signals(material, cut), measured(material, cut)))
    return measure_cards(*found, instruments_of(material), sessions, cut.now, material.plan.day_begins)
