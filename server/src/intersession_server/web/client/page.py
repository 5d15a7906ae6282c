"""The therapist's page of one client. It works without script; with it, it moves by itself.

The script fetches `/fragments/…`: the same content, from the same function, without keeping the session awake.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from litestar import Response, Router, get
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.measures.material import Cut
from intersession_schemas.measures.scores import instruments_of, measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import reading, record_reading
from intersession_server.projections.read_models import (
    GoalView,
    PlanView,
    SessionView,
    Summary,
    SymptomAnswers,
    SymptomLogView,
)
from intersession_server.projections.windows import Window, place_text, read_place
from intersession_server.services import Services
from intersession_server.web.client.acknowledge import acknowledge_signal
from intersession_server.web.client.entries import EntryCard, entry_card
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.client.measure_views import MeasureCards, measure_cards
from intersession_server.web.client.plan_views import MOST_CARDS, CareCards, care_cards
from intersession_server.web.client.symptoms import (
    RANGES,
    RangeName,
    Span,
    SymptomCharts,
    span_of,
    symptoms,
    to_be_read,
)
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.page.error_pages import PAGE_HANDLERS
from intersession_server.web.page.rendering import page
from intersession_server.web.record.as_of import through_of
from intersession_server.web.record.disclosure import mark_of, note_read
from intersession_server.work import effort

ENTRIES_PER_PAGE = 20
MOST_LOGS = 20_000
MOST_VALUES = 60_000
"""Of a range with more logs or values than this the newest logs are drawn, and the page says so."""
_LOGS_AT_ONCE = 2_000

Range = Annotated[RangeName, QueryParameter(name="range")]
Before = Annotated[str | None, QueryParameter(max_length=200)]
Day = Annotated[str | None, QueryParameter(max_length=40)]


class SymptomsShown(Struct, frozen=True):
    """Symptom logs of a range. `cut`: how many are drawn, where there are more; `unreadable` is what arrived and
    cannot be read, as far as it is named."""

    unreadable: list[str] = []
    unreadable_in_all: int = 0
    latest_log: SymptomLogView | None = None
    symptoms: SymptomCharts | None = None
    cut: int | None = None


class ClientPage(Struct, frozen=True, kw_only=True):
    """What the page shows. `older` is where the journal goes on; further back (`before`) it is the journal alone."""

    session: CurrentSession
    now: datetime
    access: ClientAccess
    mark: str
    summary: Summary
    heard: datetime | None
    entries: list[EntryCard]
    older: str | None
    newest: bool
    before: str | None
    span: Span
    ranges: Mapping[RangeName, tuple[str, int | None]]
    logs: SymptomsShown = SymptomsShown()
    care: CareCards | None = None
    measures: MeasureCards | None = None


@get("/clients/{client:uuid}", opt={"access": "client-record"}, include_in_schema=False)
async def client_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    range_: Range = "2w",
    since: Day = None,
    until: Day = None,
    before: Before = None,
) -> Response[str]:
    """One client: journal entries, newest first, and a chart per symptom. `before` goes back in the entries.

    The charts are of a range, or of the local days `since` to `until`.
    """
    view = await _client(services, session, client_access, before, (range_, since, until))
    return await effort.in_thread(page, "client/client.html", view)


@get("/fragments/clients/{client:uuid}", opt={"access": "client-record", "live": True}, include_in_schema=False)
async def client_fragment(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    range_: Range = "2w",
    since: Day = None,
    until: Day = None,
    before: Before = None,
) -> Response[str]:
    """The content of one client's page, for the script."""
    view = await _client(services, session, client_access, before, (range_, since, until))
    return await effort.in_thread(page, "client/client_main.html", view)


def client_router() -> Router:
    """The page, its content for the script, and what its forms are sent to."""
    whole = Router("/", route_handlers=[client_page, acknowledge_signal], exception_handlers=PAGE_HANDLERS)
    return Router("/", route_handlers=[client_fragment, whole])


async def _client(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    before: str | None,
    days: tuple[RangeName, str | None, str | None],
) -> ClientPage:
    place = None if before is None else read_place(before)
    # First of all how far it is: what is shown is then at least that new.
    through, heard, zone = await asyncio.gather(
        through_of(access), services.devices.last_heard([access.client]), record_reading.local_time(access.client)
    )
    heard_at = heard.get(access.client)
    summaries, (entries, next_), plan = await asyncio.gather(
        reading.summaries([access.client]),
        reading.entries(access.client, Window(ENTRIES_PER_PAGE, place)),
        record_reading.plan(access.client),
    )
    clock, planned = services.clock(), record_reading.agreed_in(plan)
    now = clock.astimezone(zone)
    span = span_of(*days, planned.day_of(now))
    view = ClientPage(
        session=session,
        now=clock,
        access=access,
        mark=mark_of(through, heard_at),
        summary=summaries[access.client],
        heard=heard_at,
        entries=[entry_card(entry) for entry in entries],
        older=None if next_ is None else place_text(next_),
        newest=place is None,
        before=before,
        span=span,
        ranges=RANGES,
    )
    actions = [Action.ENTRIES_READ]
    if place is None:
        logs, care, measures = await asyncio.gather(
            _symptoms(access, span, planned),
            _care(access, plan, now),
            _measures(services, access, now, through, heard_at),
        )
        view = msgspec.structs.replace(view, logs=logs, care=care, measures=measures)
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
    return view


async def _symptoms(access: ClientAccess, span: Span, planned: Plan) -> SymptomsShown:
    (latest, _), (unreadable, in_all) = await asyncio.gather(
        reading.symptom_logs(access.client, Window(limit=1)), reading.problems(access.client)
    )
    if not latest:
        return SymptomsShown(unreadable, in_all)
    window = Window(limit=_LOGS_AT_ONCE, since=span.first, until=span.last, day_begins=planned.day_begins)
    answers, more = await _answers_drawn(access, window)
    noted, corrected = [await reading.symptom_logs_of(access.client, ids) for ids in to_be_read(answers)]
    drawn = await effort.in_thread(symptoms, span.first, span.last, answers, noted, corrected, planned.day_begins)
    return SymptomsShown(unreadable, in_all, latest[0], drawn, len(answers) if more else None)


async def _answers_drawn(access: ClientAccess, window: Window) -> tuple[list[SymptomAnswers], bool]:
    """Of the newest logs of a range the answers, as many as are drawn, and whether there are more."""
    found: list[SymptomAnswers] = []
    values = 0
    while len(found) < MOST_LOGS and values < MOST_VALUES:
        window = msgspec.structs.replace(window, limit=min(_LOGS_AT_ONCE, MOST_LOGS - len(found)))
        logs, place = await reading.symptom_answers(access.client, window)
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
        record_reading.page(GoalView, client, Window(MOST_CARDS)),
        record_reading.resources(client, Window(MOST_CARDS)),
    )
    shown = [*([plan] if plan else []), *homework.items, *goals.items, *resources.items]
    names = await names_of(list({one.changed_by for one in shown}))
    last = LastChanges(names, now.tzinfo or UTC)
    return care_cards(plan, homework, goals, resources, planned.day_of(now), last)


async def _measures(
    services: Services, access: ClientAccess, now: datetime, through: int, heard_at: datetime | None
) -> MeasureCards:
    material, sessions = await asyncio.gather(
        services.materials.of(access.record_stream, access.client, through, heard_at),
        record_reading.page(SessionView, access.client),
    )
    cut = Cut(heads={str(access.record_stream): through}, now=now, zone=str(now.tzinfo))
    found = await effort.in_thread(lambda: (signals(material, cut), measured(material, cut)))
    return measure_cards(*found, instruments_of(material), sessions.items, cut.now, material.plan.day_begins)
