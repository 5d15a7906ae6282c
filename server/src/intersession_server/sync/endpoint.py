"""The websocket endpoint: carries out what `session` decides. All of it runs on the event loop's thread.

Frames are read and written by two tasks of their own: a server that stops receiving while it sends would
miss the peer's pongs and drop healthy connections. Access is checked here only as far as opening goes; what
may be read or written is decided in the store's own transactions.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ParamSpec
from uuid import UUID

import structlog
from litestar import WebSocket, websocket
from litestar.exceptions import NotAuthorizedException, WebSocketDisconnect
from msgspec.structs import replace

from intersession_schemas import codec
from intersession_schemas.errors import CLOSE_REASONS, CloseCode, RefusalCode, WireError
from intersession_schemas.messages import (
    MOST_PUSHES,
    Accepted,
    Down,
    Outcomes,
    Pushes,
    Rejected,
    StreamCursor,
    StreamOffer,
    Welcome,
)
from intersession_schemas.streams import CARE_TEAM
from intersession_schemas.work import work
from intersession_server.edge.gate import note_signed_in
from intersession_server.edge.hosts import origin_of
from intersession_server.errors import StorageError
from intersession_server.log.store import DamagedLog, NotReadable, Offer, Reader, StorageFailed
from intersession_server.log.submissions import Appended, Declined, ErasureRequest, Submission
from intersession_server.sync import credentials, events
from intersession_server.sync.answers import going_away
from intersession_server.sync.directory import Authenticated
from intersession_server.sync.hub import SyncHub
from intersession_server.sync.limits import TOLD_WITHIN, Identity
from intersession_server.sync.session import ServerSession
from intersession_server.sync.wakeups import Subscription

log = structlog.get_logger(__name__)
_P = ParamSpec("_P")

CONNECTION_COSTS = 15.0
"""Work that is counted for a connection: handshake, who it is, and its streams."""


def sync_route(hub: SyncHub) -> Any:
    """The route `/sync`."""

    @websocket("/sync", opt={"access": "device", "part": "app"})
    async def sync(socket: WebSocket[Any, Any, Any]) -> None:
        origin = socket.headers.get("origin")
        if origin is not None and origin_of(origin) not in hub.origins:
            raise NotAuthorizedException("Sync connections from this origin are not allowed.")
        subprotocols = socket.scope["subprotocols"]
        token = credentials.token_of(socket.headers.get("authorization", ""), subprotocols)
        who = await hub.directory.authenticate(token) if token else None
        await socket.accept(subprotocols=credentials.answered(subprotocols))
        if who is None:
            await _close(socket, CloseCode.UNAUTHENTICATED)
            return
        note_signed_in(socket.scope)
        connection = SyncConnection(hub, socket, who)
        if not hub.admit(connection, who):
            await _close(socket, CloseCode.TOO_MANY)
            return
        try:
            await connection.run()
        finally:
            hub.leave(connection, who)

    return sync


class SyncConnection:
    """One socket and its session. `woken` and `grants_changed` are the wake-ups' side of it."""

    def __init__(self, hub: SyncHub, socket: WebSocket[Any, Any, Any], who: Authenticated) -> None:
        self._hub = hub
        self._socket = socket
        self._reader = Reader(who.account, who.device)
        self._country = who.country
        self._loop = asyncio.get_running_loop()
        identity, now = Identity(who.account, who.device), self._loop.time()
        self._budget = hub.budgets.of(who.account, now)
        self._budget.spend(CONNECTION_COSTS, now)
        self._session = ServerSession(identity, hub.limits.session, hub.server, now, self._budget)
        self._room = asyncio.Event()
        self._room.set()
        self._read_as_care_team: set[UUID] = set()
        self._outbox: deque[Down] = deque()
        self._gets_outcomes = False
        self._outbox_filled = asyncio.Event()
        self._close_code: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._access_lock = asyncio.Lock()
        self._subscription: Subscription | None = None

    async def run(self) -> None:
        """Serve until either side closes."""
        self._subscription = self._hub.wakeups.subscribe(self, self._reader.account, self._reader.device)
        reading = asyncio.create_task(self._guarded(self._read))
        writing = asyncio.create_task(self._write())
        self._set_timer()
        try:
            await asyncio.wait((reading, writing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._session.end()
            self._subscription.close()
            if self._timer is not None:
                self._timer.cancel()
            for task in (reading, writing, *self._tasks):
                task.cancel()
            await asyncio.gather(reading, writing, *self._tasks, return_exceptions=True)
        if self._close_code is not None:
            await _close(self._socket, self._close_code)
        await self._guarded(self._hub.directory.heard, self._reader.device)

    # --- wake-ups ---

    def woken(self, stream: UUID, head: int) -> None:
        """A watched stream is at `head` or beyond."""
        self._feed(events.Woken(stream, head))

    def grants_changed(self) -> None:
        """What this account or device may read may have changed."""
        self._feed(events.GrantsChanged())

    def leave(self, retry_after: float) -> None:
        """Close, as the server is going away; the device is told in how many seconds to come back."""
        if self._close_code is None:
            self._send(going_away(retry_after))
            self.close(CloseCode.GOING_AWAY)

    def close(self, code: int) -> None:
        """Close once what waits has been sent."""
        if self._close_code is None:
            self._close_code = code
            self._outbox_filled.set()

    # --- the two tasks ---

    async def _read(self) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while self._close_code is None:
                await self._room.wait()
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                if message["type"] == "websocket.receive":
                    data = message.get("bytes")
                    self._feed(self._decode(data if data is not None else message.get("text") or ""))
            # Closing: go on receiving, so that the closing handshake is heard while the rest is written.
            while (await self._socket.receive())["type"] != "websocket.disconnect":
                pass

    def _decode(self, data: bytes | str) -> events.Event:
        try:
            frame = codec.decode_up(data, self._hub.limits.session.frame_bytes)
            self._gets_outcomes = self._gets_outcomes or isinstance(frame, Pushes)
            return events.Received(frame, len(data))
        except WireError as error:
            return events.Malformed(error, len(data))

    async def _write(self) -> None:
        within = self._hub.limits.send_within
        try:
            while True:
                await self._outbox_filled.wait()
                while self._outbox:
                    await asyncio.wait_for(self._socket.send_bytes(codec.encode(self._next_frame())), within)
                self._outbox_filled.clear()
                if self._close_code is not None:
                    return
                self._feed(events.Drained())
        except TimeoutError:
            self._close_code = CloseCode.TOO_SLOW
            self._carry_out(events.NoteDefence("too_slow"))

    def _next_frame(self) -> Down:
        """What is sent next: to whoever sends several pushes at once, the answers that are ready go together."""
        frame = self._outbox.popleft()
        if not self._gets_outcomes or not isinstance(frame, Accepted | Rejected):
            return frame
        answers = [frame]
        while self._outbox and len(answers) < MOST_PUSHES and isinstance(self._outbox[0], Accepted | Rejected):
            answers.append(self._outbox.popleft())  # type: ignore[arg-type]
        return frame if len(answers) == 1 else Outcomes(answers)

    # --- the session ---

    def _feed(self, event: events.Event) -> None:
        for effect in self._session.handle(event, self._loop.time()):
            self._carry_out(effect)
        if self._session.is_paused:
            self._room.clear()
        else:
            self._room.set()
        self._set_timer()

    def _carry_out(self, effect: events.Effect) -> None:  # noqa: C901 - one line an effect
        match effect:
            case events.Send(Welcome() as welcome):
                now, limits = self._hub.clock(), self._hub.told(welcome.limits)
                self._send(replace(welcome, at=now, limits=limits, country=self._country))
            case events.Send(frame):
                self._send(frame)
            case events.Close(code):
                self.close(code)
            case events.AwaitTurn():
                self._loop.call_soon(self._feed, events.Turn())
            case events.NoteDefence(what):
                log.warning(f"sync.{what}", account=str(self._reader.account), device=str(self._reader.device))
            case events.Watch(streams):
                assert self._subscription is not None
                self._subscription.watch(streams)
            case events.Persist():
                # The call takes the push's place in the log's order; only its answer is awaited in a task.
                self._hub.see_through(self._kept(effect.id, self._persist, effect, self._append(effect)))
            case events.PersistErasure():
                self._hub.see_through(self._kept(effect.id, self._erase, effect))
            case events.ReadStreams(cursors):
                self._spawn(self._read_streams, cursors)
            case events.ReadPage() | events.ReadBackfill():
                self._spawn(self._read_on, effect)
            case events.CompareHeads():
                self._spawn(self._compare_heads, effect)
            case events.NoteUnasked() | events.NoteStopped():
                self._hub.warned.about(self._reader.device, effect)
            case events.NotePurged(stream, grant):
                self._spawn(self._hub.directory.note_purged, self._reader, stream, grant)

    def _send(self, frame: Down) -> None:
        self._outbox.append(frame)
        if len(self._outbox) > self._hub.limits.frames_waiting:
            self.close(CloseCode.TOO_SLOW)
        self._outbox_filled.set()

    def _spawn(self, work: Callable[_P, Awaitable[None]], *given: _P.args, **named: _P.kwargs) -> None:
        task = self._loop.create_task(self._guarded(work, *given, **named))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Callable[_P, Awaitable[None]], *given: _P.args, **named: _P.kwargs) -> None:
        """Do it, whatever it raises. It is called here, so that none is left begun when this never comes to run."""
        try:
            await work(*given, **named)
        except StorageFailed:
            log.warning("sync.storage_failed", device=str(self._reader.device))
            self.close(CloseCode.SERVER_ERROR)
        except Exception as error:  # noqa: BLE001 - it must not take the process down
            # Its text may quote content, so only its type is logged.
            log.warning("sync.failed", device=str(self._reader.device), error=type(error).__name__)
            self.close(CloseCode.SERVER_ERROR)

    async def _kept(
        self, id_: int, work: Callable[_P, Awaitable[events.Event]], *given: _P.args, **named: _P.kwargs
    ) -> None:
        """Tell the session how keeping something ended, however it did: it counts what is under way."""
        outcome: events.Event = events.PersistFailed(id_, RefusalCode.STORAGE_FAILED)

        async def watched() -> None:
            nonlocal outcome
            outcome = await work(*given, **named)

        await self._guarded(watched)
        self._feed(outcome)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._session.deadline is not None:
            self._timer = self._loop.call_at(self._session.deadline, self._feed, events.Tick())

    # --- work that waits ---

    def _append(self, push: events.Persist) -> Awaitable[Appended | Declined]:
        account, device = self._reader.account, self._reader.device
        submission = Submission(
            account, device, push.stream, push.document, push.kind, push.changes, push.replaces, push.refused
        )
        return self._hub.store.append(submission, self._hub.clock())

    async def _persist(self, push: events.Persist, appending: Awaitable[Appended | Declined]) -> events.Event:
        try:
            outcome = await appending
        except StorageFailed:
            return events.PersistFailed(push.id, RefusalCode.STORAGE_FAILED)
        self._hub.note_fullness(push.stream, outcome)
        if isinstance(outcome, Appended) or outcome.noted:
            self._hub.appended()
        if isinstance(outcome, Declined):
            return events.PersistFailed(push.id, outcome.code)
        if outcome.nearly_full:
            self._feed(events.StorageLow(push.stream))
        return events.Persisted(push.id, outcome.seq)

    async def _erase(self, erase: events.PersistErasure) -> events.Event:
        """Erase, then write it down; when that fails the replica asks again, and is answered like the first time."""
        request = ErasureRequest(self._reader.account, self._reader.device, erase.stream, erase.document, erase.kind)
        directory = self._hub.directory
        try:
            keep = await directory.keeps_erased(erase.stream)
            outcome = await self._hub.store.erase(request, self._hub.clock(), keep=keep)
            if isinstance(outcome, Declined):
                return events.PersistFailed(erase.id, outcome.code)
            self._hub.appended()
            self._budget.spend(work(frames=0, rows=len(outcome.rows)), self._loop.time())
            await directory.note_erased(request, outcome)
            read_at = await directory.read_at(erase.stream, outcome)
        except StorageError:
            return events.PersistFailed(erase.id, RefusalCode.STORAGE_FAILED)
        return events.ErasurePersisted(erase.id, outcome.seq, outcome.kept, read_at)

    async def _read_streams(self, cursors: Sequence[StreamCursor]) -> None:
        # One at a time, so that an older answer never follows a newer one.
        async with self._access_lock:
            self._feed(await self._access(cursors))

    async def _access(self, cursors: Sequence[StreamCursor]) -> events.StreamsRead:
        store, reader = self._hub.store, self._reader
        await self._hub.directory.heard(reader.device)
        self._hub.in_touch.came(self, reader.device)
        found = await store.access(reader, {one.stream: one.cursor for one in cursors})
        offers = found.offers
        self._read_as_care_team = {offer.stream for offer in offers if offer.role in CARE_TEAM}
        care = {offer.client for offer in offers if offer.role in CARE_TEAM}
        labels = await self._hub.directory.labels(sorted(care)) if care else {}
        # With what has come meanwhile, while nobody watched: whoever is told nothing of a stream is not read it either.
        heads = self._hub.wakeups.heads
        return events.StreamsRead(
            offers=[_offered(offer, labels.get(offer.client, ""), heads.get(offer.stream, 0)) for offer in offers],
            ended=found.ended,
            chains=found.chains,
            device_revoked=found.device_revoked,
        )

    async def _read_on(self, read: events.ReadPage | events.ReadBackfill) -> None:
        """Where a stream was altered on the disk, it stops and the others go on."""
        try:
            page = await (self._page(read) if isinstance(read, events.ReadPage) else self._backfill(read))
        except DamagedLog:
            page = events.ReadingDamaged(read.stream)
        self._feed(page)

    async def _page(self, read: events.ReadPage) -> events.Event:
        page = await self._hub.store.page(
            self._reader, read.stream, read.grant, read.after, self._hub.limits.page_bytes
        )
        if isinstance(page, NotReadable):
            return events.AccessDenied(read.stream, read.grant)
        if page.items:
            await self._note_read(read.stream, read.after, page.through)
        return events.PageRead(read.stream, read.grant, page.items, page.through, page.chain, page.head)

    async def _backfill(self, read: events.ReadBackfill) -> events.Event:
        page = await self._hub.store.backfill(
            self._reader, read.stream, read.grant, read.head, read.below, self._hub.limits.page_bytes
        )
        if isinstance(page, NotReadable):
            return events.AccessDenied(read.stream, read.grant)
        if page.items:
            await self._note_read(read.stream, 0, page.head)
        return events.BackfillRead(read.stream, read.grant, page.items, page.head, page.chain, page.backfill)

    async def _note_read(self, stream: UUID, after: int, through: int) -> None:
        if stream in self._read_as_care_team:
            await self._hub.directory.note_read(self._reader, stream, after, through)

    async def _compare_heads(self, have: events.CompareHeads) -> None:
        missing = await self._hub.store.missing_changes(have.stream, have.document, have.heads)
        self._feed(events.HeadsCompared(have.stream, have.document, list(missing)))


def _offered(offer: Offer, label: str, head: int) -> StreamOffer:
    return StreamOffer(
        *(offer.stream, offer.audience, offer.role, offer.grant, offer.client, label),
        *(max(offer.head, head), offer.documents, offer.bytes),
    )


async def _close(socket: WebSocket[Any, Any, Any], code: int) -> None:
    """Close with a fixed code and reason; the peer may be gone already."""
    with contextlib.suppress(Exception):
        await asyncio.wait_for(socket.close(code, CLOSE_REASONS[code]), TOLD_WITHIN)
