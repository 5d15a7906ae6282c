"""What the replica's session is told. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from intersession.protocol.outgoing import Outgoing
from intersession_schemas.messages import Down, StreamCursor, StreamOffer


class Opened(Struct, frozen=True):
    """The connection stands; this is what the store holds."""

    replica: UUID
    agent: str
    cursors: Sequence[StreamCursor]
    known: Sequence[StreamOffer] = ()
    """What it was offered last, as far as it holds that."""
    stopped: bool = False
    """Whether streams could not go on with the server the last time."""


class Received(Struct, frozen=True):
    """A frame came."""

    frame: Down


class OutboxChanged(Struct, frozen=True):
    """Something may be waiting in the outbox."""


class OutboxRead(Struct, frozen=True):
    """What waits in the outbox, as `ReadOutbox` asked; nothing, when nothing does."""

    items: Sequence[Outgoing]


class Tick(Struct, frozen=True):
    """The session's `deadline` has come."""


Event = Opened | Received | OutboxChanged | OutboxRead | Tick
