"""`GET /events`: tells an open page that there is something new, until its session or its access ends.

What is sent is a level, never an edge: `state` names every client whom the therapist may read *now*, with a mark that
changes when something of theirs does; `moved` names those that have changed since. A page compares the marks with what
it shows, and fetches again what differs. So nothing is lost by a cut, and what was sent tells no more than that
something arrived. A page says what it follows: one client (`?client=ID`), what a caseload says of each
(`?caseload=true`), the practice's library (`?library=true`), or the records of all clients in care; and what its marks
are of where that is less than the whole record (`?follows=documents`, `devices`, `access`).

What moved costs what moved, not what a therapist has in care: `state` is made at the beginning, whenever access may
have changed, and after a silence. The log's grants are read again before each of both, for the clients that it names.
The stream looks at the session without keeping it awake, and ends with `ended` when that has gone. Who signs out wakes
it; when a session ends by itself is known. So it is not looked up for each thing that moves.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Struct

from intersession_server.access import AnyRequest, session_cookie_name
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import Refused
from intersession_server.services import Services
from intersession_server.sync.wakeups import Wakeups
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.record.disclosure import (
    Care,
    Marked,
    caseload_states,
    clients_in_care,
    states,
    still_in_care,
)
from intersession_server.web.record.library import library_of

BEAT_SECONDS = 15.0
"""How long a stream is silent at most. A page that hears nothing for longer knows that it is not live."""
SETTLE_SECONDS = 0.25
"""The shortest time between two `state`s: a client who syncs a month moves a page some times, not thousands."""
RETRY_SECONDS = 2.0
STREAMS_PER_PERSON = 20


class Follows(Struct, frozen=True):
    """What a page follows: of one `client`, or of all in care; what a caseload says of each, or what is `Marked`."""

    client: UUID | None = None
    marks: Marked | Literal["caseload"] = "records"


RECORDS = Follows()

_BEAT = b": beat\nevent: beat\ndata: 1\n\n"
_ENDED = b"event: ended\ndata: 1\n\n"
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


OneClient = Annotated[UUID | None, QueryParameter()]
OfMarks = Annotated[Marked, QueryParameter()]
OfCaseload = Annotated[bool, QueryParameter()]
OfLibrary = Annotated[bool, QueryParameter()]


class Feed:
    """One open page's ears: `moved` is set when it should look again, at these `streams` or at everything."""

    def __init__(self, *, rows_alone: bool = False) -> None:
        """`rows_alone`: its marks are of how far streams are, so what is no row of theirs is none of its concern."""
        self._heads: dict[UUID, int] | None = {} if rows_alone else None
        self.moved = asyncio.Event()
        self.streams: set[UUID] = set()
        self.everything = True

    def woken(self, stream: UUID, head: int) -> None:
        """A client's rows are on the pages, or an overview is another one, or somebody has looked at a record."""
        if self._heads is not None:
            if head <= self._heads.get(stream, 0):
                return
            self._heads[stream] = head
        self.streams.add(stream)
        self.moved.set()

    def grants_changed(self) -> None:
        """The therapist's access, or this session, may have changed."""
        self.everything = True
        self.moved.set()

    def taken(self) -> set[UUID] | None:
        """At which streams to look now; None: at everything. What comes from now on is told the next time."""
        streams = None if self.everything else self.streams
        self.moved.clear()
        self.streams, self.everything = set(), False
        return streams

    async def heard(self, stopping: asyncio.Event, within: float) -> bool:
        """Wait until it should look again, at most `within` seconds; whether there was anything."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self.moved, stopping)]
        try:
            done, _ = await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return bool(done)


class Feeds:
    """All open streams of this process, counted by person."""

    def __init__(self, updates: Wakeups) -> None:
        """`updates` wakes when a client's rows are on the pages."""
        self.updates = updates
        self._open: Counter[UUID] = Counter()

    def admit(self, person: UUID) -> None:
        """Raises `Refused` where a person has too many already."""
        if self._open[person] >= STREAMS_PER_PERSON:
            raise Refused("rate_limited", "Too many pages are open. Close some of them.", retry_after=BEAT_SECONDS)

    @contextmanager
    def _counted(self, person: UUID) -> Iterator[None]:
        self._open[person] += 1
        try:
            yield
        finally:
            self._open[person] -= 1
            if not self._open[person]:
                del self._open[person]

    async def stream(
        self,
        services: Services,
        session: CurrentSession,
        token: str,
        follows: Follows = RECORDS,
        *,
        library: bool = False,
    ) -> AsyncIterator[bytes]:
        """The events of one page; with `library` of one that shows the practice's library and nobody's record."""
        feed = Feed(rows_alone=not library and follows.marks != "caseload")
        access = services.wakeups.subscribe(feed, session.person, session.id)
        shown = updates = self.updates.subscribe(feed)
        try:
            # Asked once more: others may have come between the question and the beginning of the stream.
            self.admit(session.person)
            with self._counted(session.person):
                yield b"retry: %d\n\n" % (RETRY_SECONDS * 1000)
                page: _Marks | _LibraryMark = _Marks(services, session, follows)
                if library:  # it has no read models: it is on the pages once it is in the log
                    page, shown = _LibraryMark(services, session), access
                signed_in = _StillSignedIn(services, token)
                while not services.stopping.is_set():
                    streams = feed.taken()
                    if not await signed_in.asked(at_once=streams is None):
                        yield _ENDED
                        return
                    if streams is None:
                        told = await page.everything()
                        shown.watch(page.streams)
                    else:
                        told = await page.moved(streams)
                    yield told or _BEAT
                    if await feed.heard(services.stopping, BEAT_SECONDS):
                        await asyncio.sleep(SETTLE_SECONDS)
                    else:
                        feed.everything = True
        finally:
            access.close()
            updates.close()


class _StillSignedIn:
    """Whether a session is valid: looked up, or known from the last time, which is a beat ago at most."""

    def __init__(self, services: Services, token: str) -> None:
        self._services = services
        self._token = token
        self._until: datetime | None = None

    async def asked(self, *, at_once: bool) -> bool:
        """Now. `at_once`: look it up, whatever is known."""
        now = self._services.clock()
        if not at_once and self._until is not None and now < self._until:
            return True
        session = await self._services.sign_in.current(self._token, now, extend=False)
        if session is None:
            return False
        self._until = min(session.expires_at, now + timedelta(seconds=BEAT_SECONDS))
        return True


class _Marks:
    """What one page has been told."""

    def __init__(self, services: Services, session: CurrentSession, follows: Follows) -> None:
        self._services = services
        self._session = session
        self._follows = follows
        self._care: dict[UUID, Care] = {}
        self._told: dict[str, str] = {}

    @property
    def streams(self) -> frozenset[UUID]:
        """The streams that the page is made of."""
        if self._follows.marks == "access":
            return frozenset()
        if self._follows.marks == "caseload":
            return frozenset(one.stream for one in self._care.values())
        return frozenset(stream for one in self._care.values() for stream in one.streams)

    async def everything(self) -> bytes | None:
        """The event `state`, unless the page has been told the same."""
        care = await clients_in_care(self._services, self._session)
        if (only := self._follows.client) is not None:
            care = {client: one for client, one in care.items() if client == only}
        self._care = care
        marks = await self._marks(care)
        if marks == self._told:
            return None
        self._told = marks
        return b"event: state\ndata: %b\n\n" % state_text(marks).encode()

    async def moved(self, streams: set[UUID]) -> bytes | None:
        """The event `moved`, for the clients of these streams; nothing where no mark has changed."""
        asked = {client: care for client, care in self._care.items() if not streams.isdisjoint(care.streams)}
        some = await still_in_care(self._services, self._session, asked)
        marks = await self._marks(some)
        changed = {name: mark for name, mark in marks.items() if self._told.get(name) != mark}
        if not changed:
            return None
        self._told |= changed
        return b"event: moved\ndata: %b\n\n" % state_text(changed).encode()

    async def _marks(self, care: dict[UUID, Care]) -> dict[str, str]:
        if self._follows.marks == "caseload":
            marks = await caseload_states(self._services, self._session, care)
        else:
            marks = await states(self._services, care, self._follows.marks)
        return {str(client): mark for client, mark in marks.items()}


class _LibraryMark:
    """What a page of the library has been told: how far the library has come."""

    def __init__(self, services: Services, session: CurrentSession) -> None:
        self._services = services
        self._session = session
        self._told = ""
        self.streams: frozenset[UUID] = frozenset()

    async def everything(self) -> bytes | None:
        """The event `state`, unless the page has been told the same."""
        self.streams = frozenset([await library_of(self._services, self._session)])
        mark = await library_mark(self._services, self._session)
        if mark == self._told:
            return None
        self._told = mark
        return b"event: state\ndata: %b\n\n" % mark.encode()

    async def moved(self, streams: set[UUID]) -> bytes | None:
        """The same: there is one library."""
        return await self.everything()


async def library_mark(services: Services, session: CurrentSession) -> str:
    """The mark of the practice's library, as text like those of clients."""
    stream = await services.log.stream(await library_of(services, session))
    return msgspec.json.encode({"library": str(0 if stream is None else stream.head)}).decode()


def state_text(marks: dict[UUID, str] | dict[str, str]) -> str:
    """Marks as text; the same text for the same marks."""
    return msgspec.json.encode({str(name): mark for name, mark in marks.items()}, order="sorted").decode()


def events_router(updates: Wakeups) -> Router:
    """The route `/events`."""
    feeds = Feeds(updates)

    @get("/events", opt={"access": "therapist", "live": True}, include_in_schema=False)
    async def events(
        request: AnyRequest,
        services: GivenServices,
        session: GivenSession,
        client: OneClient = None,
        caseload: OfCaseload = False,
        follows: OfMarks = "records",
        library: OfLibrary = False,
    ) -> Stream:
        """What has changed, as server-sent events."""
        feeds.admit(session.person)
        token = request.cookies.get(session_cookie_name(https=services.settings.https), "")
        page = Follows(client, "caseload" if caseload else follows)
        told = feeds.stream(services, session, token, page, library=library)
        return Stream(told, media_type="text/event-stream", headers=_HEADERS)

    return Router("/", route_handlers=[events])
