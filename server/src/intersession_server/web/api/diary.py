"""The HTTP API of a client's journal and symptom logs: what a signed-in therapist may read of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_server.accounts.audit import Action
from intersession_server.passage import ClientAccess
from intersession_server.projections import reading, record_reading
from intersession_server.projections.read_models import EntryView, FoundEntryView, SymptomLogView
from intersession_server.projections.windows import (
    DEFAULT_LIMIT,
    Place,
    Window,
    place_text,
    read_bound,
    read_place,
)
from intersession_server.web.api.lists import CLIENT_ANSWERS, Before, Limit
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.record.as_of import through_of
from intersession_server.web.record.disclosure import note_read

MAX_QUERY = 1_000
"""Characters of what is searched for."""
MAX_SEARCH_LIMIT = 100
"""Entries of a page of search at most: each is gone through for its passage."""
Since = Annotated[
    str | None,
    QueryParameter(
        description="Start: a local day (`2020-03-16`), or a time with its offset (`2020-03-16T23:50:00+01:00`;"
        " encode the plus sign as `%2B` in a URL).",
        max_length=40,
    ),
]
Until = Annotated[
    str | None,
    QueryParameter(description="End: a local day (inclusive) or a time (exclusive).", max_length=40),
]
Query = Annotated[str, QueryParameter(description="Words to search for.", max_length=MAX_QUERY)]
SearchLimit = Annotated[int, QueryParameter(ge=1, le=MAX_SEARCH_LIMIT, description="Maximum number of entries.")]
After = Annotated[
    str | None, QueryParameter(description="`next` of an earlier response: continue after it.", max_length=200)
]
SinceMoment = Annotated[str | None, QueryParameter(description="Start: a time with its offset.", max_length=40)]
UntilMoment = Annotated[
    str | None, QueryParameter(description="End: a time with its offset (exclusive).", max_length=40)
]
Name = Annotated[str | None, QueryParameter(description="Only logs with this symptom.", max_length=200)]


class Entries(Struct, frozen=True):
    """Journal entries, by what they are about, newest first."""

    items: list[EntryView]
    next: str | None


class FoundEntries(Struct, frozen=True):
    """Entries that a search found, newest first; `next` goes back as `after`."""

    items: list[FoundEntryView]
    next: str | None


class SymptomLogs(Struct, frozen=True):
    """Symptom logs, by what they are about, newest first."""

    items: list[SymptomLogView]
    next: str | None


@get("/clients/{client:uuid}/entries", opt={"access": "client-record"}, responses=CLIENT_ANSWERS)
async def client_entries(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    limit: Limit = DEFAULT_LIMIT,
    before: Before = None,
    since: Since = None,
    until: Until = None,
) -> Entries:
    """A client's journal entries."""
    window = await _window(client_access, limit, before, since, until)
    through = await through_of(client_access)
    items, place = await reading.entries(client_access.client, window)
    await note_read(services, session, client_access, through, Action.ENTRIES_READ)
    return Entries(items, _next(place))


@get("/clients/{client:uuid}/search", opt={"access": "client-record"}, responses=CLIENT_ANSWERS)
async def client_search(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    q: Query = "",
    limit: SearchLimit = DEFAULT_LIMIT,
    after: After = None,
    since: SinceMoment = None,
    until: UntilMoment = None,
) -> FoundEntries:
    """A client's journal entries that contain every word of `q` in text, answers or tags, each with a matching
    passage. The beginning of a word is enough, and case and accents are ignored; in scripts without spaces, words
    match anywhere. Joined words, such as hyphenated ones, are searched as a phrase. There are no operators.
    """
    window = Window(limit=limit, since=_moment("since", since), until=_moment("until", until))
    through = await through_of(client_access)
    items, following = await reading.search(client_access.client, q, window, after)
    await note_read(services, session, client_access, through, Action.ENTRIES_READ)
    return FoundEntries(items, following)


@get("/clients/{client:uuid}/symptoms", opt={"access": "client-record"}, responses=CLIENT_ANSWERS)
async def client_symptoms(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    limit: Limit = DEFAULT_LIMIT,
    before: Before = None,
    since: Since = None,
    until: Until = None,
    name: Name = None,
) -> SymptomLogs:
    """A client's symptom logs; always whole logs, even if a name is given."""
    window = await _window(client_access, limit, before, since, until)
    through = await through_of(client_access)
    items, place = await reading.symptom_logs(client_access.client, window, name)
    await note_read(services, session, client_access, through, Action.SYMPTOMS_READ)
    return SymptomLogs(items, _next(place))


def diary_router() -> Router:
    """The routes under `/api` of this module."""
    return Router(
        "/api",
        route_handlers=[client_entries, client_search, client_symptoms],
        tags=["therapists"],
    )


async def _window(access: ClientAccess, limit: int, before: str | None, since: str | None, until: str | None) -> Window:
    window = Window(
        limit=limit,
        after=None if before is None else read_place(before),
        since=None if since is None else read_bound("since", since),
        until=None if until is None else read_bound("until", until),
    )
    if not window.has_days:
        return window
    agreed = await record_reading.agreed(access.client)
    return msgspec.structs.replace(window, day_begins=agreed.day_begins)


def _moment(field: str, text: str | None) -> datetime | None:
    found = None if text is None else read_bound(field, text)
    if found is not None and not isinstance(found, datetime):
        raise InvalidField(f"{field} must be a time with its offset (2020-03-16T23:50:00+01:00).")
    return found


def _next(place: Place | None) -> str | None:
    return None if place is None else place_text(place)
