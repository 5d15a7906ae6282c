"""A practice in a few lines, for tests without a network: a log that pushes and pages go through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from intersession.device import Device
from intersession.pairing import PairingReply
from intersession.replica.exchange import Exchange
from intersession.replica.replica import Replica
from intersession_schemas.changes import read_change
from intersession_schemas.messages import Limits, Row, Rows, Snapshot, SnapshotDocument, StreamOffer, Welcome
from intersession_schemas.streams import Audience, Role

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class SettableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class Practice:
    """One client's record at a practice, as a log of rows. Nothing is refused but what has no dependencies here."""

    def __init__(self) -> None:
        self.client, self.stream, self.grant = uuid4(), uuid4(), uuid4()
        self.rows: list[Row] = []
        self.received_at = NOON

    @property
    def head(self) -> int:
        return len(self.rows)

    def reply(self, role: Literal["client", "therapist"] = "client", account: UUID | None = None) -> PairingReply:
        """What a redeemed pairing code gives."""
        return PairingReply(
            token="a-token",
            account=account or self.client,
            device=uuid4(),
            role=role,
            practice_name="Practice",
            name="Alma",
        )

    def welcome(self, role: Role = Role.CLIENT) -> Welcome:
        offer = StreamOffer(
            stream=self.stream,
            audience=Audience.RECORD,
            role=role,
            grant=self.grant,
            client=self.client,
            label="Alma",
            head=self.head,
        )
        return Welcome(1, "test", uuid4(), uuid4(), [offer], Limits(2**20, 8, 50.0))

    def join(self, device: Device, role: Role = Role.CLIENT) -> Exchange:
        """Let a device know the record; returns its network side."""
        side = exchange(device)
        side.join(self.welcome(role))
        return side

    def take(self, side: Exchange, limit: int = 100) -> int:
        """Accept what the device pushes; returns how many changes were new."""
        new = 0
        while items := side.outgoing(frozenset(), limit, 2**19):
            for item in items:
                new += sum(self.append(item.document, item.kind, change) for change in item.changes)
                side.settle(item.document, item.hashes)
        return new

    def append(self, document: UUID, kind: str, data: bytes) -> bool:
        """One change into the log, unless it is there."""
        change = read_change(data)
        known = {row.hash for row in self.rows if row.document == document}
        if change.hash in known:
            return False
        assert known.issuperset(change.deps), "pushed before what it builds on"
        self.rows.append(self.row(document, kind, data))
        return True

    def row(self, document: UUID, kind: str, data: bytes) -> Row:
        return Row(
            seq=self.head + 1,
            document=document,
            kind=kind,
            hash=read_change(data).hash,
            author=self.client,
            device=uuid4(),
            received_at=self.received_at,
            change=data,
        )

    def page(self, after: int, most: int = 1000) -> Rows:
        """The rows after row `after`."""
        items = self.rows[after : after + most]
        return Rows(self.stream, items, after + len(items), bytes(8))

    def snapshot(self, document: UUID, backfill: int) -> Snapshot:
        """One document as a new device gets it."""
        rows = [row for row in self.rows if row.document == document]
        return Snapshot(self.stream, [SnapshotDocument(document, rows[0].kind, rows)], self.head, bytes(8), backfill)

    def give(self, side: Exchange, most: int = 1000) -> int:
        """Send a device the next page; returns how many of its changes were new to it."""
        (cursor,) = (one.cursor for one in side.opened().cursors if one.stream == self.stream)
        return side.store_page(self.page(cursor, most))

    def sync(self, *sides: Exchange) -> None:
        """Everything from all devices to all devices."""
        for side in sides:
            self.take(side)
        for side in sides:
            self.give(side)


def replica_of(device: Device) -> Replica:
    """The replica behind a device."""
    return device._replica


def exchange(device: Device) -> Exchange:
    """The network side of a device."""
    return Exchange(replica_of(device))
