"""Frames that have come and not been taken yet, and the changes of the push that is being read. Pure.

A frame beyond what a person may ask for is held, not refused: it is taken when their budget allows it, in its order.
When too much waits, nothing more is received, and what follows waits in the peer's socket.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from hashlib import sha256

from intersession_schemas.changes import (
    MAX_CHANGE_BYTES,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_OPERATIONS,
    Change,
    read_change,
)
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.messages import Erase, Have, Hello, Push, Pushes
from intersession_schemas.streams import Audience, Kind, Role, kinds_of, may_write
from intersession_schemas.work import work
from intersession_server.log.checks import tells_set_aside
from intersession_server.sync.events import Malformed, Persist, Received
from intersession_server.work.budget import LOOK_AGAIN, Budget

BAD_CHANGE_COSTS = 20.0
"""Work that is counted for a change that is refused once read: about what the dearest of them takes."""
SLICE_OPERATIONS, SLICE_BYTES, SLICE_CHANGES = 20_000, 256 * 1024, 64
"""How much of a push is read before others have their turn, beyond its first change."""


class Inbox:
    """What waits of one connection."""

    def __init__(self, budget: Budget, *, frames: int, bytes_: int) -> None:
        """At most about so many frames wait here, and so many bytes over all connections of the person."""
        self._budget = budget
        self._frames = frames
        self._bytes = bytes_
        self._waiting: deque[Received | Malformed] = deque()
        self.look_at: float | None = None
        """When the next frame may be taken, where the budget is what it waits for."""
        self.paused_since: float | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, frame: Received | Malformed, now: float) -> None:
        """A frame came. One of several pushes is taken apart."""
        for one in _apart(frame):
            self._waiting.append(one)
            self._budget.queued_bytes += one.size
        self._pause_or_go_on(now)

    def next(self, now: float, room: Callable[[Received | Malformed], bool]) -> Received | Malformed | None:
        """The next frame, taken off, if there is `room` for it and the budget allows it."""
        self.look_at = None
        if not self._waiting or not room(self._waiting[0]):
            return None
        wait = self._budget.wait(now)
        if wait > 0:
            self._budget.spend(0.0, now)  # who waits counts among those who ask
            self.look_at = now + max(LOOK_AGAIN / 100, min(wait, LOOK_AGAIN))
            return None
        frame = self._waiting.popleft()
        self._budget.queued_bytes -= frame.size
        follows = isinstance(frame, Received) and frame.follows
        self._budget.spend(price(frame), now, messages=0 if follows else 1)
        self._pause_or_go_on(now)
        return frame

    def drop(self) -> None:
        """Forget what waits, as the connection is over."""
        self._budget.queued_bytes -= sum(frame.size for frame in self._waiting)
        self._waiting.clear()
        self.look_at = self.paused_since = None

    def _pause_or_go_on(self, now: float) -> None:
        # Whatever others of the person's connections hold, each may hold one frame.
        full = len(self._waiting) >= self._frames or (
            len(self._waiting) > 1 and self._budget.queued_bytes > self._bytes
        )
        if not full:
            self.paused_since = None
        elif self.paused_since is None:
            self.paused_since = now


def _apart(frame: Received | Malformed) -> list[Received | Malformed]:
    if isinstance(frame, Malformed) or not isinstance(frame.frame, Pushes):
        return [frame]
    return [
        Received(push, sum(map(len, push.changes)), follows=place > 0) for place, push in enumerate(frame.frame.items)
    ]


def price(frame: Received | Malformed) -> float:
    """What a frame costs, as far as it is known before it is read."""
    if isinstance(frame, Malformed):
        return work(size=frame.size)
    frames = 0 if frame.follows else 1
    match frame.frame:
        case Hello(streams=cursors):
            return work(rows=len(cursors))
        case Have(heads=heads):
            return work(rows=len(heads))
        case Push(replaces=replaces):
            return work(frames=frames, pushes=1, rows=len(replaces))
        case Erase():
            return work(pushes=1, rows=1)
        case _:
            return work()


class PushReading:
    """The changes of one push, read slice by slice. What they turn into is bounded before they are all read."""

    def __init__(self, push: Push, *, sealed: bool) -> None:
        self.push = push
        self._sealed = sealed
        self.changes: list[Change] = []
        self._size = self._operations = self._at = 0

    @property
    def is_done(self) -> bool:
        """Whether all changes have been read."""
        return len(self.changes) == len(self.push.changes)

    def read_some(self) -> float:
        """Read the next slice, and give what it costs. Raises `DocumentError` over a change that cannot be taken."""
        start, size, operations = len(self.changes), self._size, self._operations
        for at, data in enumerate(self.push.changes[start:], start):
            self._at = at
            change = _sealed(data) if self._sealed else read_change(data)
            self.changes.append(change)
            self._size += change.size
            self._operations += change.operations
            if self._size > MAX_DOCUMENT_BYTES:
                raise DocumentError("A push is larger than a document may be.", code=RefusalCode.TOO_LARGE)
            if self._operations > MAX_DOCUMENT_OPERATIONS:
                raise DocumentError(
                    "A push contains more operations than a document may have.", code=RefusalCode.TOO_MANY_OPERATIONS
                )
            if (
                self._size - size >= SLICE_BYTES
                or self._operations - operations >= SLICE_OPERATIONS
                or len(self.changes) - start >= SLICE_CHANGES
            ):
                break
        return work(
            frames=0,
            rows=len(self.changes) - start,
            size=self._size - size,
            operations=self._operations - operations,
        )

    @property
    def is_told(self) -> bool:
        """Whether the log notes that such a push was refused, as it may have held an answer."""
        return not self._sealed and tells_set_aside(self.push.kind)

    def asked(self, refused: RefusalCode | None) -> Persist:
        """What is asked of the log: to keep what was read, or to note the change that could not be, known by the hash
        of its bytes alone."""
        push, changes = self.push, tuple(self.changes)
        if refused is not None:
            changes = (Change(sha256(push.changes[self._at]).digest(), (), b"", 0, 0, 0, b"", 0),)
        return Persist(push.id, push.stream, push.document, push.kind, changes, tuple(push.replaces), refused)


def refused_unread(push: Push, audience: Audience, role: Role) -> RefusalCode | None:
    """Whoever may not write there costs nothing: their changes are not looked at. The log decides all the same."""
    if push.kind not in kinds_of(audience):
        return RefusalCode.UNKNOWN_KIND
    return None if may_write(role, audience, Kind(push.kind)) else RefusalCode.NOT_WRITER


def _sealed(blob: bytes) -> Change:
    """A vault blob: opaque, known by its hash alone."""
    if len(blob) > MAX_CHANGE_BYTES:
        raise DocumentError("A sealed change is too large.", code=RefusalCode.TOO_LARGE)
    return Change(sha256(blob).digest(), (), b"", 0, 0, 0, data=blob, size=len(blob))
