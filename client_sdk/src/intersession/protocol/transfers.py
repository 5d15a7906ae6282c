"""How far an exchange has come, counted from what the session has done. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from intersession.models.devices import Amount, Transfer
from intersession_schemas.messages import Rows, Snapshot, StreamCursor, StreamOffer


class Meter:
    """Counts documents and bytes both ways, over all connections, until all is exchanged; then it starts again."""

    def __init__(self) -> None:
        self._finished = False
        self._clear()

    def _clear(self) -> None:
        self._sent: set[UUID] = set()
        self._sent_bytes = 0
        self._received: set[UUID] = set()
        self._received_bytes = 0
        self._to_send = Amount()
        self._to_receive = Amount()

    @property
    def transfer(self) -> Transfer:
        """Where it stands."""
        sent = Amount(len(self._sent), self._sent_bytes)
        received = Amount(len(self._received), self._received_bytes)
        return Transfer(sent, _most(sent, self._to_send), received, _most(received, self._to_receive))

    def waits(self, amount: Amount) -> None:
        """So much waits to be sent now, of documents that nothing was sent of yet, or more of some that were."""
        if amount.documents:
            self._begin()
        self._to_send = Amount(len(self._sent) + amount.documents, self._sent_bytes + amount.bytes)

    def sent(self, document: UUID, size: int) -> None:
        """Changes of a document are on the server."""
        self._begin()
        self._sent.add(document)
        self._sent_bytes += size

    def offered(self, offers: Sequence[StreamOffer], cursors: Sequence[StreamCursor]) -> None:
        """So much is to come, as a welcome says."""
        held = {cursor.stream: cursor for cursor in cursors}
        amounts = [_missing(offer, held.get(offer.stream)) for offer in offers]
        self._to_receive = Amount(
            len(self._received) + sum(amount.documents for amount in amounts),
            self._received_bytes + sum(amount.bytes for amount in amounts),
        )

    def received(self, page: Rows | Snapshot) -> None:
        """A page is stored."""
        if page.items:
            self._begin()
        self._received.update(item.document for item in page.items)
        rows = page.items if isinstance(page, Rows) else [row for item in page.items for row in item.rows]
        self._received_bytes += sum(len(row.change) for row in rows)
        if isinstance(page, Snapshot):
            self._received_bytes += sum(row.length for item in page.items for row in item.inside)

    def finished(self) -> None:
        """All is exchanged: what was said to come and did not, was never there."""
        done = self.transfer
        self._to_send, self._to_receive = done.sent, done.received
        self._finished = True

    def _begin(self) -> None:
        if self._finished:
            self._finished = False
            self._clear()


def _missing(offer: StreamOffer, cursor: StreamCursor | None) -> Amount:
    """What is to come of a stream. The offer tells the whole; of what is held in part, as many parts as rows."""
    if cursor is None or not cursor.cursor or cursor.backfill:
        return Amount(offer.documents, offer.bytes)
    rows = max(0, offer.head - cursor.cursor)
    return Amount(min(rows, offer.documents), offer.bytes * rows // offer.head if rows else 0)


def _most(one: Amount, other: Amount) -> Amount:
    return Amount(max(one.documents, other.documents), max(one.bytes, other.bytes))
