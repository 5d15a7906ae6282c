"""The timeline of one client: everything in the order of time, and what a search finds of it.

What is sought stands in no log, row of the audit or error, and pages that are opened from here are not told of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote_plus
from uuid import UUID

from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.assessments.wordings import definition_of
from intersession_schemas.instruments import INSTRUMENTS, Instrument
from intersession_schemas.streams import Kind
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import RecordView, model_of
from intersession_server.projections.timeline import rows as timelines
from intersession_server.projections.timeline.search import search
from intersession_server.projections.timeline.values import Days, TimelineContent, TimelineRow
from intersession_server.projections.windows import place_text, read_place
from intersession_server.services import Services
from intersession_server.web.api.diary import MAX_QUERY
from intersession_server.web.client.shell import Shell, shell_of
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.page.error_pages import PAGE_HANDLERS
from intersession_server.web.page.live_page import live_page
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.timeline.comment import comment
from intersession_server.web.timeline.filters import Filter, KindName, address, pills, read_day
from intersession_server.web.timeline.found import FoundItem, found_items
from intersession_server.web.timeline.items import Surroundings, TimelineDay, days_of
from intersession_server.web.timeline.sought import Why, why_not
from intersession_server.work import effort

ITEMS_PER_PAGE = 40
FOUND_PER_PAGE = 20

ACTIONS: dict[Kind, Action] = {
    Kind.JOURNAL_ENTRY: Action.ENTRIES_READ,
    Kind.SYMPTOM_LOG: Action.SYMPTOMS_READ,
    Kind.HOMEWORK: Action.HOMEWORK_READ,
    Kind.HOMEWORK_PROGRESS: Action.HOMEWORK_READ,
    Kind.HOMEWORK_REVIEW: Action.HOMEWORK_READ,
    Kind.ASSESSMENT: Action.ASSESSMENTS_READ,
    Kind.SESSION: Action.SESSIONS_READ,
    Kind.EPISODE: Action.EPISODES_READ,
    Kind.GOAL: Action.GOALS_READ,
    Kind.TOPIC: Action.RECORD_READ,
    Kind.RESOURCE: Action.RESOURCES_READ,
    Kind.COMMENT: Action.COMMENTS_READ,
    Kind.ACKNOWLEDGEMENT: Action.SIGNALS_READ,
}
"""What a read of each kind is in the audit."""

OfKind = Annotated[KindName, QueryParameter(name="kind")]
Day = Annotated[str | None, QueryParameter(max_length=40)]
Cursor = Annotated[str | None, QueryParameter(max_length=200)]
# Of any length: one that is too long is told so on the page, with what was typed still in the field.
Query = Annotated[str | None, QueryParameter(name="q")]


class Sought(Struct, frozen=True, kw_only=True):
    """What a search found, or why nothing was searched for. `older`: the address of the next page of it."""

    why_not: Why | None
    found: list[FoundItem] = []
    newest: str | None = None
    older: str | None = None
    most: int = MAX_QUERY


class Shown(Struct, frozen=True, kw_only=True):
    """Days of a timeline, and the addresses of what is newer and older."""

    days: list[TimelineDay] = []
    newest: str | None = None
    newer: str | None = None
    older: str | None = None


class TimelinePage(Struct, frozen=True, kw_only=True):
    """What the page shows: days, or what was sought. `groups` are the choices of kinds: address, words, chosen."""

    shell: Shell
    filter: Filter
    groups: list[tuple[str, str, bool]]
    cleared: str
    query: str
    sought: Sought | None = None
    shown: Shown = Shown()


@live_page("/clients/{client:uuid}/timeline", "timeline/timeline.html", words_in_address=True)
async def timeline_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    kind: OfKind = "all",
    since: Day = None,
    until: Day = None,
    before: Cursor = None,
    after: Cursor = None,
    q: Query = None,
) -> TimelinePage:
    """Everything about a client, newest first: `before` and `after` lead further back and on again, `q` searches."""
    chosen = Filter(kind, read_day("since", since), read_day("until", until))
    asked = {**chosen.query, "q": q, "before": before, "after": after}
    shell = await shell_of(services, session, client_access, "timeline", asked)
    view = TimelinePage(
        shell=shell,
        filter=chosen,
        groups=pills(shell.here, chosen),
        cleared=address(shell.here, Filter(kind)),
        query=q or "",
    )
    actions = [ACTIONS[one] for one in chosen.kinds]
    if q is None:
        view = replace(view, shown=await _shown(services, shell, chosen, before, after))
    else:
        view = replace(view, sought=await _sought(shell, chosen, q, after))
        # Where nothing was searched for, nothing was read: a client who withdraws an entry is told when it was.
        actions = actions if why_not(q, MAX_QUERY) is None else [Action.RECORD_READ]
    await note_read(services, session, client_access, shell.through, *dict.fromkeys(actions))
    return view


class _Drawn(Struct, frozen=True, kw_only=True):
    """Rows of a timeline and what stands there, the same for everybody who may see it."""

    rows: list[TimelineRow]
    found: TimelineContent
    known: dict[str, Instrument]
    day_begins: int
    has_newer: bool
    has_older: bool


async def _shown(services: Services, shell: Shell, chosen: Filter, before: str | None, after: str | None) -> Shown:
    here, what = shell.here, (shell.state, chosen, before, after)
    drawn = await services.shared.of(("timeline", what), lambda: _drawn(shell, chosen, before, after))
    names = await names_of(list(_people(drawn.found)))
    around = _surroundings(shell, names, drawn.known, drawn.day_begins)
    # Of people's names the client's record says nothing, so they are part of what it depends on.
    days = await services.shared.of(
        ("timeline's days", what, frozenset(names.items())),
        lambda: effort.in_thread(days_of, drawn.rows, drawn.found, around),
    )
    rows, is_placed = drawn.rows, before is not None or after is not None
    return Shown(
        days=days,
        newest=address(here, chosen) if is_placed else None,
        newer=address(here, chosen, after=place_text(rows[0].place)) if drawn.has_newer and rows else None,
        older=address(here, chosen, before=place_text(rows[-1].place)) if drawn.has_older and rows else None,
    )


async def _drawn(shell: Shell, chosen: Filter, before: str | None, after: str | None) -> _Drawn:
    client = shell.access.client
    planned = await record_reading.agreed(client)
    days = Days(chosen.since, chosen.until, planned.day_begins)
    place = None if before is None and after is None else read_place(before or after or "")
    newer = before is None and after is not None
    one_more = ITEMS_PER_PAGE + 1
    direction: timelines.Direction = "newer" if newer else "older"
    rows = await timelines.rows(client, chosen.kinds, shell.local, days, one_more, place, direction)
    # What is nearest to the place is kept: the others are on the next page.
    nearest = rows[::-1] if newer else rows
    shown = nearest[: min(ITEMS_PER_PAGE, await timelines.fitting(nearest))]
    more = len(shown) < len(rows)
    rows = shown[::-1] if newer else shown
    found = await timelines.content(client, rows)
    return _Drawn(
        rows=rows,
        found=found,
        known=await _instruments(client, found),
        day_begins=planned.day_begins,
        has_newer=more if newer else place is not None and await _is_newer(shell, chosen, days, rows),
        has_older=newer or more,
    )


async def _is_newer(shell: Shell, chosen: Filter, days: Days, rows: list[TimelineRow]) -> bool:
    """Whether there is something before the first row."""
    if not rows:
        return False
    place = rows[0].place
    return bool(await timelines.rows(shell.access.client, chosen.kinds, shell.local, days, 1, place, "newer"))


async def _sought(shell: Shell, chosen: Filter, query: str, after: str | None) -> Sought:
    why = why_not(query, MAX_QUERY)
    if why is not None:
        return Sought(why_not=why)
    client = shell.access.client
    found, content, following = await search(client, query, chosen.kinds, FOUND_PER_PAGE, after)
    around = await _around(shell, content, 0)
    return Sought(
        why_not=None,
        found=await effort.in_thread(found_items, found, content, around),
        newest=address(shell.here, chosen, q=quote_plus(query)) if after is not None else None,
        older=None if following is None else address(shell.here, chosen, q=quote_plus(query), after=following),
    )


async def _around(shell: Shell, found: TimelineContent, day_begins: int) -> Surroundings:
    names = await names_of(list(_people(found)))
    return _surroundings(shell, names, await _instruments(shell.access.client, found), day_begins)


def _surroundings(
    shell: Shell, names: Mapping[UUID, str], known: dict[str, Instrument], day_begins: int
) -> Surroundings:
    zone, client = shell.local.tzinfo, shell.access.client
    assert zone is not None
    return Surroundings(here=shell.here, client=client, names=names, zone=zone, day_begins=day_begins, known=known)


def _people(found: TimelineContent) -> set[UUID]:
    return {one.author for one in found.records.values()} | {
        one.author for said in found.comments.values() for one in said
    }


async def _instruments(client: UUID, found: TimelineContent) -> dict[str, Instrument]:
    """The instruments of the assessments that are shown, by key."""
    models = (model_of(one) for one in (*found.records.values(), *_records(found)))
    keys = {one.instrument for one in models if isinstance(one, Assessment)}
    if keys <= INSTRUMENTS.keys():
        return {key: INSTRUMENTS[key] for key in keys}
    brought = (definition_of(wording) for wording in (await record_reading.wordings(client)).values())
    return {one.key: one for one in brought if one is not None} | dict(INSTRUMENTS)


def _records(found: TimelineContent) -> list[RecordView]:
    return [one for one in found.subjects.values() if isinstance(one, RecordView)]


@get(
    "/clients/{client:uuid}/search", opt={"access": "client-record", "words_in_address": True}, include_in_schema=False
)
async def search_page(client_access: GivenAccess, q: Query = None) -> Redirect:
    """Where searches were once, and where addresses of them may still lead."""
    return Redirect(address(f"/clients/{client_access.client}", q=quote_plus(q or "")), status_code=303)


def timeline_router() -> Router:
    """The page, and what its forms are sent to."""
    moved = Router("/", route_handlers=[search_page], exception_handlers=PAGE_HANDLERS)
    return Router("/", route_handlers=[*timeline_page, comment, moved])
