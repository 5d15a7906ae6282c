"""What waits in the outbox, as it is sent: how much of it goes into one frame, and what that costs the server. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession.protocol.session_effects import PUSH_BYTES
from intersession_schemas.changes import read_change
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import MOST_PUSHES, Erase, Push, Pushes
from intersession_schemas.work import work

MOST = MOST_PUSHES
FRAME = 200
CHANGE = 5
HASH = 34
"""At most so many bytes of a frame, of each of its changes and of each hash are not the change itself."""
LEAST_FRAME = 16 * 1024
"""Frames are not made smaller than that, whatever a server does not take."""


class Outgoing(Struct, frozen=True):
    """What waits in the outbox of one document: changes, oldest first, or its erasure.

    Of a vault the changes are blobs, and `replaces` names those on the server that they take the place of.
    """

    stream: UUID
    document: UUID
    kind: str
    hashes: tuple[bytes, ...]
    changes: tuple[bytes, ...]
    erase: bool = False
    replaces: tuple[bytes, ...] = ()


def first(outgoing: Outgoing, count: int) -> Outgoing:
    """The first changes of an item. What its blobs replace then stays on the server, which does no harm."""
    return replace(outgoing, hashes=outgoing.hashes[:count], changes=outgoing.changes[:count], replaces=())


def cut(outgoing: Outgoing, most: int) -> Outgoing | None:
    """As much of an item, from its beginning, as goes into a frame of `most` bytes; None if nothing does."""
    if _size(outgoing) <= most:
        return outgoing
    size, count = FRAME, 0
    for change in outgoing.changes:
        size += len(change) + CHANGE
        if size > most:
            break
        count += 1
    return first(outgoing, count) if count else None


class Frames:
    """Frames that pushes go into, as many in each as have room in `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._frames: list[list[Push] | Erase] = []
        self._room = 0

    def has_room(self, outgoing: Outgoing) -> bool:
        """Whether it goes into the frame of the one before."""
        last = self._frames[-1] if self._frames else None
        return isinstance(last, list) and not outgoing.erase and _size(outgoing) <= self._room and len(last) < MOST

    def add(self, id_: int, outgoing: Outgoing) -> None:
        """Send it as the push, or erasure, with that id."""
        where = (outgoing.stream, outgoing.document, outgoing.kind)
        if outgoing.erase:
            self._frames.append(Erase(id_, *where))
            return
        push = Push(id_, *where, list(outgoing.changes), list(outgoing.replaces))
        if self.has_room(outgoing):
            assert isinstance(self._frames[-1], list)
            self._frames[-1].append(push)
        else:
            self._frames.append([push])
            self._room = self._most
        self._room -= _size(outgoing)

    def made(self) -> list[Push | Pushes | Erase]:
        """The frames; a push that is alone in one needs no list."""
        return [one if isinstance(one, Erase) else one[0] if len(one) == 1 else Pushes(one) for one in self._frames]


def _size(outgoing: Outgoing) -> int:
    """At most how many bytes of a frame it takes."""
    changes = sum(len(change) + CHANGE for change in outgoing.changes)
    return FRAME + HASH * len(outgoing.replaces) + changes


class Learnt(Struct, frozen=True):
    """What a frame that was too large has taught: how large frames may be from now on, and a push that cannot go."""

    most_bytes: int | None
    refused: Outgoing | None = None


def after_too_large(under_way: Sequence[Outgoing], most_bytes: int | None) -> Learnt:
    """A frame was too large for the server, whatever its welcome said, with these pushes `under_way`.

    Frames become smaller and go one at a time, so that the change that cannot go is known in the end. It is refused for
    good, as the connection would end with it for ever. `most_bytes` is as it was learnt before.
    """
    if not under_way:
        return Learnt(most_bytes)
    if most_bytes is not None and len(under_way) == 1 and len(under_way[0].changes) == 1:
        return Learnt(most_bytes, under_way[0])
    largest = max(sum(map(len, one.changes)) for one in under_way)
    return Learnt(max(LEAST_FRAME, min(most_bytes or PUSH_BYTES, largest) // 2))


def cost(outgoing: Outgoing, *, sealed: bool, follows: bool = False) -> float:
    """What a push costs the server, as `intersession_schemas.work` prices it; what is `sealed` is not looked into.

    `follows`: it goes in the frame of the one before.
    """
    size = operations = 0
    for data in outgoing.changes:
        try:
            change = None if sealed else read_change(data)
        except DocumentError:
            change = None  # the server will say so
        size += len(data) if change is None else change.size
        operations += 0 if change is None else change.operations
    rows = len(outgoing.changes) + len(outgoing.replaces)
    return work(frames=0 if follows else 1, pushes=1, rows=rows, size=size, operations=operations)
