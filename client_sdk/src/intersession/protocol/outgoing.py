"""What waits in the outbox, as it is sent: how much of it goes into one frame, and what that costs the server. Pure."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.changes import read_change
from intersession_schemas.errors import DocumentError
from intersession_schemas.work import work

_FRAME = 200
_CHANGE = 5
_HASH = 34
"""At most so many bytes of a frame, of each of its changes and of each hash are not the change itself."""


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
    size = _FRAME + _HASH * len(outgoing.replaces)
    if size + sum(len(change) + _CHANGE for change in outgoing.changes) <= most:
        return outgoing
    size, count = _FRAME, 0
    for change in outgoing.changes:
        size += len(change) + _CHANGE
        if size > most:
            break
        count += 1
    return first(outgoing, count) if count else None


def cost(outgoing: Outgoing, *, sealed: bool) -> float:
    """What a push costs the server, as `intersession_schemas.work` prices it; what is `sealed` is not looked into."""
    size = operations = 0
    for data in outgoing.changes:
        try:
            change = None if sealed else read_change(data)
        except DocumentError:
            change = None  # the server will say so
        size += len(data) if change is None else change.size
        operations += 0 if change is None else change.operations
    rows = len(outgoing.changes) + len(outgoing.replaces)
    return work(pushes=1, rows=rows, size=size, operations=operations)
