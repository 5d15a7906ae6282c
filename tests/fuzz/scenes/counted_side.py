"""A device's session played by hand, on a store or on something that only counts what a store would hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import isnan
from random import Random
from typing import Any, Protocol
from uuid import UUID

from tests.fuzz.cases import Broken
from tests.fuzz.inputs import corpus
from tests.fuzz.inputs.client_frames import RECORD
from tests.fuzz.inputs.people import id_of

from intersession.models.devices import Amount, Stopped
from intersession.protocol import session as core
from intersession.protocol.outgoing import Outgoing
from intersession.protocol.pace import Pace
from intersession.protocol.problems import Trouble
from intersession.sync.conversation import Credentials, Exchanged, LocalSide, carry_out
from intersession_schemas import codec
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import (
    Accepted,
    Down,
    Erase,
    Erased,
    Error,
    Outcomes,
    Push,
    Pushes,
    Rejected,
    Revoked,
    Rows,
    Snapshot,
    StreamCursor,
    Want,
    Welcome,
)

MOST_EFFECTS, MOST_TICKS = 2_000, 200


class Watcher(Protocol):
    """Is told what is about to be carried out, and what was."""

    def before(self, effect: core.Effect) -> None:
        """Of each effect."""

    def after(self, effect: core.Effect) -> None:
        """Of each effect."""


class Device:
    """A session and its driver, on a clock of its own."""

    def __init__(self, side: LocalSide, seed: int, watcher: Watcher | None = None) -> None:
        self.side = side
        self.now = 100.0
        self.pushed: dict[int, Push | Erase] = {}
        self._watcher = watcher
        self._chance = Random(seed)
        self._pace = Pace()
        self._connect()

    def _connect(self) -> None:
        self.session = core.ReplicaSession(self._pace)
        self.pushed = {}
        self._feed(self.side.opened(), None)

    def reconnect(self) -> None:
        """The connection broke; the next one is made."""
        self.now += 1.0
        self._connect()

    def hear(self, frame: Down) -> None:
        """A frame came."""
        self.now += self._chance.choice((0.0, 0.001, 0.3, 40.0))
        for one in frame.items if isinstance(frame, Outcomes) else [frame]:
            self._feed(core.Received(one), one)
        if self._chance.random() < 0.1:
            self._feed(core.OutboxChanged(), None)
        deadline = self.session.deadline
        if deadline is not None and deadline <= self.now + 60 and self._chance.random() < 0.5:
            self.now = max(self.now, deadline)
            self._feed(core.Tick(), None)

    def rest(self) -> None:
        """Let time pass: deadlines come to an end, or are far apart."""
        for _ in range(MOST_TICKS):
            deadline = self.session.deadline
            if deadline is None or deadline > self.now + 3_600:
                return
            self.now = max(self.now, deadline) + 0.001
            self._feed(core.Tick(), None)
        raise Broken("the session asks to be woken for ever")

    def _feed(self, event: core.Event, frame: Down | None) -> None:
        pending = deque(self.session.handle(event, self.now))
        done = 0
        while pending:
            done += 1
            if done > MOST_EFFECTS:
                raise Broken("a session is never done with one frame")
            effect = pending.popleft()
            self._check(effect, frame)
            if isinstance(effect, core.Send):
                self._send(effect)
                continue
            if self._watcher is not None:
                self._watcher.before(effect)
            answer = carry_out(effect, self.side, Exchanged())
            while self.side.is_behind():
                self.side.apply_some()
            if self._watcher is not None:
                self._watcher.after(effect)
            if answer is not None:
                pending.extend(self.session.handle(answer, self.now))
        if self.session.deadline is not None and isnan(self.session.deadline):
            raise Broken("the deadline is no time")

    def _send(self, effect: core.Send) -> None:
        codec.decode_up(codec.encode(effect.frame), limit=1 << 40)
        for one in effect.frame.items if isinstance(effect.frame, Pushes) else [effect.frame]:
            if isinstance(one, Push | Erase):
                if one.id in self.pushed:
                    raise Broken("two pushes have one id")
                self.pushed[one.id] = one

    def _check(self, effect: core.Effect, frame: Down | None) -> None:
        """What is done about a frame is what it is about."""
        if not self._fits(effect, frame):
            raise Broken(f"{type(effect).__name__} for {type(frame).__name__}")

    def _fits(self, effect: core.Effect, frame: Down | None) -> bool:
        match effect:
            case core.Settle(document, hashes):
                push = self.pushed.get(frame.id) if isinstance(frame, Accepted) else None
                changes = push.changes if isinstance(push, Push) else []
                return push is not None and push.document == document and len(hashes) == len(changes)
            case core.SettleErasure(document):
                asked = self.pushed.get(frame.id) if isinstance(frame, Erased | Rejected) else None
                return asked is not None and asked.document == document
            case core.Refuse(document, _, code):
                if not isinstance(frame, Rejected):
                    return code == RefusalCode.TOO_LARGE
                push = self.pushed.get(frame.id)
                answered = push is not None and push.document == document and frame.retry_after is None
                return answered or code == RefusalCode.TOO_LARGE
            case core.ReadOutbox(_, limit, size):
                return limit >= 1 and size >= 1
            case core.StorePage(page):
                return page is frame
            case core.Purge(stream):
                return isinstance(frame, Revoked) and frame.stream == stream
        return isinstance(frame, _ABOUT.get(type(effect), object))


_ABOUT: dict[type, Any] = {core.Report: Error | Rejected, core.Resend: Want | Rejected, core.Join: Welcome}


class CountedSide:
    """The local side of a connection without a store: cursors, and documents that wait to be sent."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)
        self.cursors = {RECORD: 0}
        stories = [chance.choice(corpus.stories()) for _ in range(chance.randrange(6))]
        self.waiting = {id_of(2_000 + at): one for at, one in enumerate(stories)}
        self.erasing = {id_of(2_100 + at) for at in range(chance.randrange(2))}

    def credentials(self) -> Credentials:
        """Not asked for here."""
        raise NotImplementedError

    def opened(self) -> core.Opened:
        """What is held."""
        held = [StreamCursor(stream, cursor) for stream, cursor in self.cursors.items()]
        return core.Opened(id_of(7), "fuzzed", held)

    def join(self, welcome: Welcome) -> None:
        """Streams come."""
        for offer in welcome.streams:
            self.cursors.setdefault(offer.stream, 0)

    def stop(self, streams: Mapping[UUID, tuple[str, str]]) -> None:
        """Nothing is kept of it."""

    def stopped(self) -> tuple[Stopped, ...]:
        """None are."""
        return ()

    def store_page(self, page: Rows | Snapshot) -> int:
        """The cursor moves."""
        if page.stream in self.cursors:
            through = page.through if isinstance(page, Rows) else page.head
            self.cursors[page.stream] = max(through, self.cursors[page.stream])
        return 0

    def apply_some(self) -> bool:
        """Nothing is to be applied."""
        return False

    def is_behind(self) -> bool:
        """Nothing is."""
        return False

    def outgoing(self, exclude: frozenset[UUID], limit: int, limit_bytes: int) -> list[Outgoing]:
        """What waits."""
        found = [
            Outgoing(RECORD, document, story.kind, tuple(map(corpus.hash_of, story.changes)), story.changes)
            for document, story in self.waiting.items()
            if document not in exclude
        ]
        found += [Outgoing(RECORD, one, "goal", (), (), erase=True) for one in self.erasing if one not in exclude]
        return found[:limit]

    def waits(self) -> bool:
        """Whether anything does."""
        return bool(self.waiting or self.erasing)

    def amount(self) -> Amount:
        """How much."""
        return Amount(len(self.waiting), 0)

    def settle(self, accepted: Sequence[core.Settle]) -> None:
        """It leaves, whole or in part."""
        for one in accepted:
            if one.document in self.waiting:
                story = self.waiting[one.document]
                left = tuple(change for change in story.changes if corpus.hash_of(change) not in one.hashes)
                self._keep(one.document, story, left)

    def refuse(self, document: UUID, hashes: tuple[bytes, ...], code: str, message: str) -> None:
        """It leaves as well."""
        self.erasing.discard(document)
        if document in self.waiting:
            story = self.waiting[document]
            left = tuple(change for change in story.changes if corpus.hash_of(change) not in hashes)
            self._keep(document, story, left)

    def _keep(self, document: UUID, story: corpus.Story, left: tuple[bytes, ...]) -> None:
        if left:
            self.waiting[document] = corpus.Story(story.kind, left)
        else:
            del self.waiting[document]

    def settle_erasure(self, document: UUID, seq: int, kept: bool, read_at: tuple[datetime, ...]) -> None:
        """It is gone."""
        self.erasing.discard(document)

    def resend(self, document: UUID) -> None:
        """All of it waits again; here it never left."""

    def purge(self, stream: UUID, grant: UUID | None) -> int:
        """Nothing of the stream is left."""
        self.cursors.pop(stream, None)
        if stream == RECORD:
            self.waiting.clear()
            self.erasing.clear()
        return 0

    def contact(self) -> None:
        """Not told here."""

    def trouble(self, trouble: Trouble | None) -> None:
        """Nothing is kept of it."""

    def access_ended(self, ended: bool) -> None:
        """Not told here."""

    def on_outbox(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Not asked for here."""
        raise NotImplementedError
