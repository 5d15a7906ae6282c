"""One client's devices, in Python and in the TypeScript core, which are asked for the same; and a log between them."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from msgspec import UNSET, to_builtins
from msgspec.structs import replace
from tests.web_client.peer import Peer

from intersession.documents import erasures, journal_rows, sealed, stored
from intersession.documents import records as record_rows
from intersession.documents.long_prose import edit_entry
from intersession.documents.rows import Destination, StoredDocument
from intersession.documents.symptom_logs import buckets, withdrawals
from intersession.documents.tables import symptom_views
from intersession.errors import NotFound
from intersession.inputs import versions
from intersession.inputs.windows import ALL
from intersession.protocol.outgoing import Outgoing
from intersession.replica import sharing, vault_backfill
from intersession.replica.replica import Replica
from intersession.sealing import vault_keys
from intersession.sealing.sealing import VaultKey
from intersession.sync import inbox, outbox
from intersession.testing import SettableClock
from intersession_schemas.codec import encode
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.diary import journal
from intersession_schemas.documents.diary.entry_times import Time
from intersession_schemas.documents.diary.symptoms import Log
from intersession_schemas.messages import Limits, Row, Rows, RowType, Snapshot, StreamOffer, Welcome
from intersession_schemas.streams import Audience, Kind, Role

NAMES = UUID("7f2f4e1a-6c0b-4d52-9a50-2d7f8a3b1c11")
ACCOUNT, SERVER, GRANT = (uuid5(NAMES, name) for name in ("account", "server", "grant"))
RECORD, VAULT = uuid5(NAMES, "record"), uuid5(NAMES, "vault")
KEY = VaultKey(sha256(b"key id").digest()[:16], sha256(b"key").digest())
ZONE = "Europe/Berlin"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")


class PythonDevice:
    """A device with the SDK."""

    def __init__(self, path: Path, clock: SettableClock, name: str = "python") -> None:
        self.id = uuid5(NAMES, name)
        self.path = path
        self.replica = Replica.open(path, clock)

    def write_entry(self, *, at: str, shared: bool | None, text: str, mood: int | None, tags: list[str]) -> str:
        def write(document: Any) -> list[bytes]:
            moments: Any = {"written_at": datetime.fromisoformat(at), "entered_at": self.replica.now()}
            return [journal.create(document, **moments, zone=ZONE, text=text, mood=mood, tags=tags)]

        with self.replica.writing() as writing:
            return str(writing.create(Kind.JOURNAL_ENTRY, write, self.replica.destination(shared)).document.id)

    def _document(self, id: str) -> StoredDocument:
        store = self.replica.store
        found = stored.find(store, stored.current_id(store, UUID(id)))
        if found is None:
            raise NotFound("There is no such document.")
        return found

    def edit_entry(self, id: str, *, based_on: str | None = None, time: str | None = None, **given: Any) -> None:
        with self.replica.writing() as writing:
            at: Any = UNSET
            if time is not None:
                at = (uuid5(NAMES, f"{id} {time}"), Time(datetime.fromisoformat(time), self.replica.now(), None))
            writing.edit(
                self._document(id).position,
                lambda document: edit_entry(document, **given, time=at),
                based_on=versions.heads_of(based_on),
            )

    def withdraw_entry(self, id: str) -> None:
        with self.replica.writing() as writing:
            writing.withdraw(self._document(id))

    def share_entry(self, id: str) -> str:
        with self.replica.writing() as writing:
            return str(sharing.share_entry(writing, self._document(id), self.replica.destination(shared=True)))

    def share_earlier(self) -> None:
        with self.replica.writing() as writing:
            sharing.plan_share_earlier(writing.store)
        sharing.share_earlier(self.replica)

    def log(self, *, at: str, shared: bool | None, values: dict[str, int | float], note: str, key: str | None) -> str:
        id = uuid5(NAMES, f"{self.id} {self.replica.store.number('SELECT max(position) FROM changes')}")
        log = Log(id, datetime.fromisoformat(at), self.replica.now(), values, ZONE, None, note, key)
        with self.replica.writing() as writing:
            buckets.add(writing, [log], self.replica.destination(shared))
        return str(id)

    def correct(self, id: str, *, at: str, values: dict[str, int | float], note: str) -> None:
        store = self.replica.store
        of = uuid5(NAMES, f"{self.id} {id} {store.number('SELECT max(position) FROM changes')}")
        log = Log(of, datetime.fromisoformat(at), self.replica.now(), values, note=note, corrects=UUID(id))
        document = stored.at_position(store, symptom_views.document_of(store, UUID(id)))
        with self.replica.writing() as writing:
            buckets.add(writing, [log], Destination(document.stream, document.wish))

    def withdraw_log(self, id: str) -> None:
        with self.replica.writing() as writing:
            withdrawals.withdraw(writing, UUID(id), [UUID(id)])

    def goal(self, *, made_at: str, **given: Any) -> str:
        with self.replica.writing() as writing:
            write = record_rows.creation(Kind.GOAL, Goal(made_at=datetime.fromisoformat(made_at), **given))
            return str(writing.create(Kind.GOAL, write, self.replica.destination(shared=True)).document.id)

    def edit_goal(self, id: str, *, based_on: str | None = None, **given: Any) -> None:
        with self.replica.writing() as writing:
            write = record_rows.revision(Kind.GOAL, lambda before: [replace(before, **given)])
            writing.edit(self._document(id).position, write, based_on=versions.heads_of(based_on))

    def unlock(self) -> None:
        with self.replica.writing() as writing:
            vault_keys.keep_open(writing.store, [KEY])
            sealed.mark_closed(writing.store)
            vault_backfill.plan(writing.store)
        self.replica.apply_received()
        vault_backfill.take_in(self.replica)

    def join(self, welcome: Welcome) -> None:
        inbox.join(self.replica.store, welcome)

    def take(self, page: Rows | Snapshot) -> int:
        new = inbox.store_page(self.replica.store, page)
        self.replica.apply_received()
        return new

    def outgoing(self) -> list[Outgoing]:
        return outbox.outgoing(self.replica.store, (), 100, 1_000_000)

    def settle(self, document: UUID, hashes: Sequence[bytes]) -> None:
        outbox.settle(self.replica.store, document, hashes)

    def settle_erasure(self, document: UUID, seq: int) -> None:
        erasures.settle(self.replica.store, document, seq, False, [])

    def refuse(self, document: UUID, hashes: Sequence[bytes], code: str) -> None:
        outbox.refuse(self.replica.store, document, hashes, code, "No.")
        self.replica.apply_received()

    def entries(self) -> list[Any]:
        return plain(journal_rows.entries(self.replica.store, ALL))

    def logs(self) -> list[Any]:
        return plain(symptom_views.logs(self.replica.store, ALL))

    def goals(self) -> list[Any]:
        return plain(record_rows.records(self.replica.store, Kind.GOAL))

    def search(self, query: str) -> list[Any]:
        return plain(journal_rows.find(self.replica.store, query, ALL, None).entries)

    def save_long(self) -> None:
        ids = [UUID(bytes=id) for (id,) in self.replica.store.all("SELECT id FROM documents")]
        self.replica.save_long(ids)

    def file(self, path: Path) -> None:
        self.replica.close()
        path.write_bytes(self.path.read_bytes())
        self.replica = Replica.open(self.path, self.replica.now)


class CoreDevice:
    """A device with the TypeScript core."""

    def __init__(self, peer: Peer, clock: SettableClock, name: str = "core") -> None:
        self.id = uuid5(NAMES, name)
        self._peer, self._name, self._clock = peer, name, clock
        self.ask("open")

    def ask(self, call: str, **given: Any) -> Any:
        return self._peer.ask(call, self._name, now=self._clock().isoformat(), **given)

    def write_entry(self, **given: Any) -> str:
        return str(self.ask("writeEntry", zone=ZONE, **given))

    def edit_entry(self, id: str, *, based_on: str | None = None, **given: Any) -> None:
        self.ask("editEntry", id=id, **({} if based_on is None else {"basedOn": based_on}), **given)

    def withdraw_entry(self, id: str) -> None:
        self.ask("withdrawEntry", id=id)

    def share_entry(self, id: str) -> str:
        return str(self.ask("shareEntry", id=id))

    def share_earlier(self) -> None:
        self.ask("shareEarlier")

    def log(self, **given: Any) -> str:
        return str(self.ask("log", **given))

    def correct(self, id: str, **given: Any) -> None:
        self.ask("correct", id=id, **given)

    def withdraw_log(self, id: str) -> None:
        self.ask("withdrawLog", id=id)

    def goal(self, **given: Any) -> str:
        return str(self.ask("goal", goal=given))

    def edit_goal(self, id: str, *, based_on: str | None = None, **given: Any) -> None:
        self.ask("editGoal", id=id, goal=given, **({} if based_on is None else {"basedOn": based_on}))

    def unlock(self) -> None:
        self.ask("unlock", id=KEY.id.hex(), key=KEY.key.hex())

    def join(self, welcome: Welcome) -> None:
        self.ask("join", frame=_frame(welcome))

    def take(self, page: Rows | Snapshot) -> int:
        new = self.ask("page", frame=_frame(page))
        self.ask("apply")
        return int(new)

    def outgoing(self) -> list[Outgoing]:
        return [
            Outgoing(
                UUID(one["stream"]),
                UUID(one["document"]),
                one["kind"],
                tuple(map(bytes.fromhex, one["hashes"])),
                tuple(map(b64decode, one["changes"])),
                erase=one["erase"],
                replaces=tuple(map(bytes.fromhex, one["replaces"])),
            )
            for one in self.ask("outgoing")
        ]

    def settle(self, document: UUID, hashes: Sequence[bytes]) -> None:
        self.ask("settle", document=str(document), hashes=[hash.hex() for hash in hashes])

    def settle_erasure(self, document: UUID, seq: int) -> None:
        self.ask("settleErasure", document=str(document), seq=seq, kept=False, readAt=[])

    def refuse(self, document: UUID, hashes: Sequence[bytes], code: str) -> None:
        self.ask("refuse", document=str(document), hashes=[hash.hex() for hash in hashes], code=code)
        self.ask("apply")

    def entries(self) -> list[Any]:
        return plain(self.ask("entries"))

    def logs(self) -> list[Any]:
        return plain(self.ask("logs"))

    def goals(self) -> list[Any]:
        return plain(self.ask("records", kind="goal"))

    def search(self, query: str) -> list[Any]:
        return plain(self.ask("search", query=query)["entries"])

    def save_long(self) -> None:
        ids = [str(UUID(bytes=id)) for (id,) in self._peer.rows("SELECT id FROM documents", self._name)]
        self.ask("save", ids=ids)

    def file(self, path: Path) -> None:
        self._peer.save(path, self._name)


Device = PythonDevice | CoreDevice
"""What a device is asked for here is the same of either; ids are texts, moments ISO texts."""


def _frame(frame: Any) -> str:
    return b64encode(encode(frame)).decode()


def plain(answers: Iterable[Any]) -> list[Any]:
    """Answers as JSON, moments in one form."""
    found: list[Any] = _canonical(json.loads(json.dumps(to_builtins(answers))))
    return found


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _canonical(one) for name, one in value.items() if name != "position"}
    if isinstance(value, list):
        return [_canonical(one) for one in value]
    if isinstance(value, str) and MOMENT.match(value):
        return datetime.fromisoformat(value).isoformat()
    return value


@dataclass
class SharedLog:
    """What a server keeps of the client's streams; it takes what it is sent unless the document is erased."""

    clock: SettableClock
    streams: dict[UUID, list[Row]] = field(default_factory=lambda: {RECORD: [], VAULT: []})
    read: dict[tuple[UUID, UUID], int] = field(default_factory=dict)
    erased: set[UUID] = field(default_factory=set)

    def welcome(self) -> Welcome:
        """Both streams, as they are offered to the client."""
        offers = [
            StreamOffer(stream, audience, Role.CLIENT, GRANT, ACCOUNT, "", len(self.streams[stream]))
            for stream, audience in ((RECORD, Audience.RECORD), (VAULT, Audience.VAULT))
        ]
        return Welcome(
            protocol=1, server="1", account=ACCOUNT, device=ACCOUNT, streams=offers, limits=Limits(1, 1, 0, 0, 0, 0)
        )

    def exchange(self, device: Device) -> None:
        """Take what a device sends until nothing is left, then give it all rows that it has not."""
        device.join(self.welcome())
        self.give(device)
        for _ in range(100):
            items = device.outgoing()
            if not items:
                break
            for item in items:
                self._accept(device, item)
        else:
            raise AssertionError("it sends again and again")
        self.give(device)

    def _accept(self, device: Device, item: Outgoing) -> None:
        rows = self.streams[item.stream]
        if item.erase:
            if item.document not in self.erased:
                self.erased.add(item.document)
                hash = sha256(item.document.bytes).digest()
                rows.append(self._row(device, item, hash, b"", RowType.ERASURE))
            device.settle_erasure(item.document, len(rows))
            return
        if item.document in self.erased:
            device.refuse(item.document, item.hashes, "erased")
            return
        there = {(row.document, row.hash) for row in rows}
        for hash, change in zip(item.hashes, item.changes, strict=True):
            if (item.document, hash) not in there:
                rows.append(self._row(device, item, hash, change, RowType.CHANGE))
        device.settle(item.document, item.hashes)

    def _row(self, device: Device, item: Outgoing, hash: bytes, change: bytes, type: RowType) -> Row:
        at = self.clock.forward(seconds=1.000007)
        seq = len(self.streams[item.stream]) + 1
        return Row(seq, item.document, item.kind, hash, ACCOUNT, device.id, at.astimezone(UTC), type, change)

    def give(self, device: Device, most: int = 7) -> None:
        """All rows that a device has not, a few at a time. Of what was erased meanwhile nothing but that is there."""
        for stream, rows in self.streams.items():
            through = self.read.get((device.id, stream), 0)
            while through < len(rows):
                some = [
                    row
                    for row in rows[through : through + most]
                    if row.type != RowType.CHANGE or row.document not in self.erased
                ]
                through = min(through + most, len(rows))
                device.take(Rows(stream, some, through, sha256(str(through).encode()).digest()[:8]))
            self.read[device.id, stream] = through
