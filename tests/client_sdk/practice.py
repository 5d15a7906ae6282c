"""A practice in a few lines, for tests without a network: a log that pushes and pages go through."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal
from uuid import UUID, uuid4

from msgspec.structs import replace

from intersession.device import Device
from intersession.pairing.redeeming import PairingReply
from intersession.protocol import session as core
from intersession.protocol.outgoing import Outgoing
from intersession.protocol.session import Settle
from intersession.replica.replica import Replica
from intersession.sync.conversation import Exchanged, carry_out
from intersession.sync.exchange import Exchange
from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.messages import (
    Accepted,
    Down,
    Erase,
    Erased,
    Hello,
    Limits,
    Push,
    Pushes,
    Rejected,
    Row,
    Rows,
    RowType,
    Snapshot,
    SnapshotDocument,
    StreamOffer,
    Up,
    Welcome,
)
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
    """One client's record at a practice, and their vault, each as a log of rows.

    Nothing is refused but what has no dependencies here, and what was erased. The vault is offered with `vault`.
    """

    def __init__(self, *, vault: bool = False) -> None:
        self.client, self.stream, self.grant = uuid4(), uuid4(), uuid4()
        self.vault, self.vault_grant, self.has_vault = uuid4(), uuid4(), vault
        self.rows: list[Row] = []
        self.vault_rows: list[Row] = []
        self.erased: dict[UUID, Row] = {}
        self.keeps = False
        self.read_at: list[datetime] = []
        self.received_at = NOON
        self.frames: list[bytes] = []
        """Everything that devices sent in `talk`."""

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
        offers = [offer]
        if self.has_vault and role is Role.CLIENT:
            offers.append(
                StreamOffer(
                    stream=self.vault,
                    audience=Audience.VAULT,
                    role=role,
                    grant=self.vault_grant,
                    client=self.client,
                    head=len(self.vault_rows),
                )
            )
        return Welcome(1, "test", uuid4(), uuid4(), offers, Limits(2**20, 8, 0.0))

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
                new += self.accept(side, item)
        return new

    def accept(self, side: Exchange, item: Outgoing) -> int:
        """Take what one item pushes and answer; returns how many rows are new."""
        before = self.head + len(self.vault_rows)
        where = (0, item.stream, item.document, item.kind)
        answer = self.answer(Erase(*where) if item.erase else Push(*where, list(item.changes), list(item.replaces)))
        if isinstance(answer, Rejected):
            side.refuse(item.document, item.hashes, answer.code, answer.message)
        elif isinstance(answer, Erased):
            side.settle_erasure(item.document, answer.seq, answer.kept, tuple(answer.read_at))
        else:
            side.settle([Settle(item.document, item.hashes)])
        return self.head + len(self.vault_rows) - before

    def answer(self, frame: Push | Erase) -> Accepted | Rejected | Erased:
        """Take a push or an erasure into the log."""
        if isinstance(frame, Erase):
            return Erased(frame.id, self.erase(frame.document, frame.kind, frame.stream).seq, self.keeps, self.read_at)
        if frame.document in self.erased:
            return Rejected(frame.id, "erased", "That document was erased.", frame.document)
        for change in frame.changes:
            if frame.stream == self.vault:
                self.append_blob(frame.document, frame.kind, change)
            else:
                self.append(frame.document, frame.kind, change)
        self._blank(self.vault_rows, frame.document, set(frame.replaces))
        return Accepted(frame.id, len(self.log(frame.stream)))

    def log(self, stream: UUID) -> list[Row]:
        """The rows of a stream."""
        return self.vault_rows if stream == self.vault else self.rows

    def append_blob(self, document: UUID, kind: str, blob: bytes) -> None:
        """One blob into the vault, unless it is there."""
        hash = sha256(blob).digest()
        if hash not in {row.hash for row in self.vault_rows if row.document == document}:
            row = self._row(document, kind, hash, blob)
            self.vault_rows.append(replace(row, seq=len(self.vault_rows) + 1))

    def erase(self, document: UUID, kind: str = "journal_entry", stream: UUID | None = None) -> Row:
        """Erase a document, unless that is done."""
        rows = self.log(stream or self.stream)
        if document not in self.erased:
            self._blank(rows, document, {row.hash for row in rows})
            hash = sha256(b"intersession erasure 1" + document.bytes).digest()
            row = replace(self._row(document, kind, hash, b""), seq=len(rows) + 1, type=RowType.ERASURE)
            rows.append(row)
            self.erased[document] = row
        return self.erased[document]

    @staticmethod
    def _blank(rows: list[Row], document: UUID, hashes: set[bytes]) -> None:
        """Drop the bytes of rows of a document."""
        for number, row in enumerate(rows):
            if row.document == document and row.hash in hashes:
                rows[number] = replace(row, change=b"")

    def talk(self, side: Exchange, role: Role = Role.CLIENT) -> core.ReplicaSession:
        """A whole connection of a device until nothing is left to say, frame by frame as on the wire."""
        session, exchanged = core.ReplicaSession(), Exchanged()
        events: deque[core.Event] = deque([side.opened()])
        at: dict[UUID, int] = {}
        while events:
            effects = session.handle(events.popleft(), 0.0)
            while effects:
                effect = effects.pop(0)
                if isinstance(effect, core.Send):
                    self.frames.append(codec.encode(effect.frame))
                    said = self._say(codec.decode_up(self.frames[-1]), role, at)
                    events.extend(core.Received(frame) for frame in said)
                elif (answer := carry_out(effect, side, exchanged)) is not None:
                    effects.extend(session.handle(answer, 0.0))
        return session

    def _say(self, frame: Up, role: Role, at: dict[UUID, int]) -> list[Down]:
        if isinstance(frame, Pushes):
            return [answer for push in frame.items for answer in self._say(push, role, at)]
        said: list[Down] = []
        if isinstance(frame, Hello):
            welcome = self.welcome(role)
            held = {cursor.stream: cursor.cursor for cursor in frame.streams}
            at.update({offer.stream: held.get(offer.stream, 0) for offer in welcome.streams})
            said.append(welcome)
        elif isinstance(frame, Push | Erase):
            said.append(self.answer(frame))
        for stream, cursor in at.items():
            if cursor < len(self.log(stream)):
                said.append(self.page(cursor, stream=stream))
                at[stream] = len(self.log(stream))
        return said

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
        return self._row(document, kind, read_change(data).hash, data)

    def _row(self, document: UUID, kind: str, hash: bytes, data: bytes) -> Row:
        return Row(
            seq=self.head + 1,
            document=document,
            kind=kind,
            hash=hash,
            author=self.client,
            device=uuid4(),
            received_at=self.received_at,
            change=data,
        )

    def page(self, after: int, most: int = 1000, stream: UUID | None = None) -> Rows:
        """The rows after row `after`."""
        stream = stream or self.stream
        items = self.log(stream)[after : after + most]
        sent = [row for row in items if row.change or row.type is not RowType.CHANGE]
        return Rows(stream, sent, after + len(items), bytes(8))

    def snapshot(self, document: UUID, backfill: int) -> Snapshot:
        """One document as a new device gets it."""
        rows = [row for row in self.rows if row.document == document]
        return Snapshot(self.stream, [SnapshotDocument(document, rows[0].kind, rows)], self.head, bytes(8), backfill)

    def give(self, side: Exchange, most: int = 1000) -> int:
        """Send a device the next page of each stream; returns how many of its changes were new to it."""
        cursors = {one.stream: one.cursor for one in side.opened().cursors}
        known = [stream for stream in (self.stream, self.vault) if stream in cursors]
        return sum(side.store_page(self.page(cursors[stream], most, stream)) for stream in known)

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
