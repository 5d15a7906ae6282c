"""Who is at the other end of a connection, and how much and how long it may ask. Data alone."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from intersession_schemas import codec
from intersession_schemas.messages import Limits
from intersession_server.work.budget import Rates

HELLO_WITHIN = 10.0
"""Seconds a connection may take to say hello."""
PURGE_WITHIN = 30.0
"""Seconds a revoked device may take to answer `purged` before it is closed all the same."""
PAUSED_WITHIN = 45.0
"""Seconds for which nothing is received from a peer that has sent far more than it may; then it is closed."""
TOLD_WITHIN = 10
"""Seconds that a peer which took nothing for too long has, to hear at last why it was closed; then it is cut."""

READ_AGAIN = 0.02
"""Seconds after which a connection looks again whether another of its person's has read its page."""
ERASURES = 4
"""Erasures of one person that are under way: each is several commits, also where others' requests are written down."""


class Identity(Struct, frozen=True):
    """Who is at the other end, as the device's token said."""

    account: UUID
    device: UUID


class SessionLimits(Struct, frozen=True):
    """What one connection may ask for, and its person over all connections: pushes under way, frames and work.

    `work_per_second` is what a device is told: alone on a server it may use that up. While others want something too,
    its person gets the shared one. Of what comes faster so many frames, and so many bytes a person, are held; the rest
    waits in the socket.
    """

    frame_bytes: int = codec.MAX_FRAME_UP
    pushes: int = 256
    messages_per_second: float = 200.0
    burst: float = 400.0
    work_per_second: float = 1_000.0
    shared_work_per_second: float = 250.0
    work_burst: float = 500.0
    frames_held: int = 512
    bytes_held: int = 8 * 1024 * 1024

    @property
    def told(self) -> Limits:
        """What a welcome says."""
        return Limits(
            self.frame_bytes,
            self.pushes,
            self.messages_per_second,
            self.burst,
            self.work_per_second,
            self.work_burst,
        )

    @property
    def rates(self) -> Rates:
        """What budgets are filled by."""
        shared = min(self.work_per_second, self.shared_work_per_second)
        return Rates(self.messages_per_second, self.burst, shared, self.work_burst)


class EndpointLimits(Struct, frozen=True):
    """Limits of the endpoint: of each session, per connection and per person; bytes and seconds."""

    session: SessionLimits = SessionLimits()
    page_bytes: int = 256 * 1024
    send_within: float = 30.0
    connections_per_device: int = 5
    connections_per_person: int = 20
    frames_waiting: int = 1_000
