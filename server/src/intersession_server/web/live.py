"""`GET /events`: tells an open page that there is something new, until its session or its access ends.

What is sent is a level, never an edge: `state` names every client whom the therapist may read *now*, with a mark that
changes when something of theirs does. A page compares it with what it shows, and fetches itself again where they
differ. So nothing is lost by a cut, and what was sent tells no more than that something arrived.

The stream reads the log's grants again before each `state`. It looks at the session without keeping it awake, and
ends with `ended` when that has gone.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.response import Stream

from intersession_server.access import AnyRequest, session_cookie_name
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import Refused
from intersession_server.services import Services
from intersession_server.sync.wakeups import Wakeups
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.record.disclosure import clients_in_care, states

BEAT_SECONDS = 15.0
"""How long a stream is silent at most. A page that hears nothing for longer knows that it is not live."""
SETTLE_SECONDS = 0.25
"""The shortest time between two `state`s: a client who syncs a month moves a page some times, not thousands."""
RETRY_SECONDS = 2.0
STREAMS_PER_PERSON = 20

_BEAT = b": beat\nevent: beat\ndata: 1\n\n"
_ENDED = b"event: ended\ndata: 1\n\n"
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


class Feed:
    """One open page's ears: `moved` is set when it should look again."""

    def __init__(self) -> None:
        self.moved = asyncio.Event()

    def woken(self, stream: UUID, head: int) -> None:
        """A client's rows are on the pages."""
        self.moved.set()

    def grants_changed(self) -> None:
        """The therapist's access, or this session, may have changed."""
        self.moved.set()

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

    async def stream(self, services: Services, session: CurrentSession, token: str) -> AsyncIterator[bytes]:
        """The events of one page."""
        feed = Feed()
        access = services.wakeups.subscribe(feed, session.person, session.id)
        shown = self.updates.subscribe(feed)
        try:
            # Asked once more: others may have come between the question and the beginning of the stream.
            self.admit(session.person)
            with self._counted(session.person):
                yield b"retry: %d\n\n" % (RETRY_SECONDS * 1000)
                last: bytes | None = None
                while not services.stopping.is_set():
                    feed.moved.clear()
                    if await services.sign_in.current(token, services.clock(), extend=False) is None:
                        yield _ENDED
                        return
                    care = await clients_in_care(services, session)
                    shown.watch(frozenset(one.stream for one in care.values()))
                    state = state_text(await states(services, care)).encode()
                    yield _BEAT if state == last else b"event: state\ndata: " + state + b"\n\n"
                    last = state
                    if await feed.heard(services.stopping, BEAT_SECONDS):
                        await asyncio.sleep(SETTLE_SECONDS)
        finally:
            access.close()
            shown.close()


def state_text(marks: dict[UUID, str]) -> str:
    """The marks of all clients in care; the same text for the same marks."""
    return msgspec.json.encode({str(client): mark for client, mark in sorted(marks.items())}).decode()


def events_router(updates: Wakeups) -> Router:
    """The route `/events`."""
    feeds = Feeds(updates)

    @get("/events", opt={"access": "therapist", "live": True}, include_in_schema=False)
    async def events(request: AnyRequest, services: GivenServices, session: GivenSession) -> Stream:
        """What has changed, as server-sent events."""
        feeds.admit(session.person)
        token = request.cookies.get(session_cookie_name(https=services.settings.https), "")
        return Stream(feeds.stream(services, session, token), media_type="text/event-stream", headers=_HEADERS)

    return Router("/", route_handlers=[events])
