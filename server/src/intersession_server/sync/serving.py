"""How far a replica is in one stream. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from intersession_schemas.messages import Hello, StreamCursor, StreamOffer, offers_digest
from intersession_schemas.work import work
from intersession_server.sync.events import BackfillRead, PageRead, StreamsRead


class Served:
    """A stream being served: how far the replica is, and whether there may be more to read."""

    __slots__ = ("audience", "backfill_head", "below", "damaged", "due", "grant", "role", "sent", "stopped")

    def __init__(self, offer: StreamOffer, sent: int, backfill_head: int | None, below: int | None) -> None:
        self.audience = offer.audience
        self.role = offer.role
        self.grant = offer.grant
        self.sent = sent
        self.backfill_head = backfill_head
        self.below = below
        self.due = backfill_head is not None or offer.head > sent
        self.stopped = False
        self.damaged = False

    def stop(self) -> None:
        """The replica has read another log than this one: nothing of it goes either way on this connection."""
        self.stopped, self.due = True, False

    def ends_at(self, cursor: StreamCursor, offer: StreamOffer) -> bool:
        """Whether the replica holds all that there is of the stream."""
        return not self.stopped and self.backfill_head is None and cursor.cursor == offer.head

    def shown(self, offer: StreamOffer) -> StreamOffer:
        """The offer as the replica gets it: with a `fork` where it cannot go on from where it is."""
        return replace(offer, fork=0) if self.stopped else offer


def serve(offer: StreamOffer, cursor: StreamCursor | None) -> Served:
    """Where to start: at the cursor, in the middle of a backfill, or with a backfill for a new device."""
    if cursor is None or (cursor.cursor == 0 and cursor.backfill is None):
        return Served(offer, 0, offer.head or None, None)
    backfilling = cursor.backfill is not None and cursor.backfill > 0
    return Served(offer, cursor.cursor, cursor.cursor if backfilling else None, cursor.backfill)


def knows(hello: Hello, offers: Sequence[StreamOffer]) -> bool:
    """Whether the replica has been offered just these streams, as what they are."""
    return (
        bool(hello.known)
        and {cursor.stream for cursor in hello.streams} == {offer.stream for offer in offers}
        and hello.known == offers_digest(offers)
    )


def read_costs(page: PageRead | BackfillRead) -> float:
    """What it takes to read a page and to send it."""
    documents = [page.items] if isinstance(page, PageRead) else [document.rows for document in page.items]
    rows = [row for document in documents for row in document]
    return work(rows=len(rows), size=sum(len(row.change) for row in rows))


def diverged(cursor: StreamCursor | None, read: StreamsRead) -> bool:
    """Whether the replica has read another log than this one."""
    if cursor is None or cursor.cursor == 0 or not cursor.chain or cursor.stream not in read.chains:
        return False
    return read.chains[cursor.stream] != cursor.chain
