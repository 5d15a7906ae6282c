"""A log held in the hand: records of clients whose rows are written here, with the times that a test wants."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal, symptoms
from intersession_schemas.documents.diary.symptoms import Log, Number, Withdrawn
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.kinds import SHAPES
from intersession_schemas.streams import Audience, Kind
from intersession_server.log.store import Stream

MONDAY = datetime(2020, 3, 16, 23, 50, tzinfo=timezone(timedelta(hours=1)))
RECEIVED = datetime(2020, 3, 16, 22, 51, tzinfo=UTC)

_random = random.Random(2020)


def new_id() -> UUID:
    """A random id; the same ones in every run."""
    return UUID(bytes=_random.randbytes(16), version=4)


class FakeLog:
    """A `Source`: streams and their rows in lists."""

    def __init__(self) -> None:
        self.streams: dict[UUID, Stream] = {}
        self.rows: dict[UUID, list[Row]] = {}
        self.applied: dict[UUID, int] = {}
        self.reads = 0

    def record(self, client: UUID | None = None, audience: Audience = Audience.RECORD) -> Record:
        """A new stream of a (new) client."""
        client = client or new_id()
        stream = Stream(new_id(), audience, new_id(), client, 0)
        self.streams[stream.id] = stream
        self.rows[stream.id] = []
        return Record(self, stream.id, client)

    async def stream(self, id: UUID) -> Stream | None:
        return self.streams.get(id)

    async def stream_heads(self) -> dict[UUID, int]:
        return {stream: self.head(stream) for stream in self.streams}

    async def stream_rows(self, stream: UUID, after: int, limit: int) -> list[Row]:
        return self.rows[stream][after : min(after + limit, self.head(stream))]

    async def document_rows(self, document: UUID) -> list[Row]:
        self.reads += 1
        return [
            row for stream, rows in self.rows.items() for row in rows[: self.head(stream)] if row.document == document
        ]

    async def document_operations(self, documents: Sequence[UUID]) -> dict[UUID, int]:
        return {}

    def head(self, stream: UUID) -> int:
        """The last row that is applied: all of them, unless a test says otherwise."""
        return self.applied.get(stream, len(self.rows[stream]))


class Record:
    """One stream, and a device that writes into it. Each method gives the id of the document."""

    def __init__(self, log: FakeLog, stream: UUID, client: UUID) -> None:
        self.log = log
        self.stream = stream
        self.client = client
        self.device = new_id()
        self._documents: dict[UUID, Document] = {}
        self._clock = itertools.count()

    def entry(self, text: str = "", *, at: datetime = MONDAY, received: datetime | None = None, **fields: Any) -> UUID:
        """A new journal entry."""
        document, id_ = Document.new(_random.randbytes(16)), new_id()
        self._documents[id_] = document
        fields.setdefault("entered_at", at)
        self.add(id_, Kind.JOURNAL_ENTRY, journal.create(document, written_at=at, text=text, **fields), received)
        return id_

    def edit(self, id_: UUID, received: datetime | None = None, **fields: Any) -> UUID:
        """An edit of an entry."""
        change = journal.edit(self._documents[id_], **fields)
        assert change is not None
        return self.add(id_, Kind.JOURNAL_ENTRY, change, received)

    def bucket(self, month: str = "2020-03", received: datetime | None = None) -> UUID:
        """An empty bucket for symptom logs."""
        document, id_ = Document.new(_random.randbytes(16)), new_id()
        self._documents[id_] = document
        return self.add(id_, Kind.SYMPTOM_LOG, symptoms.create(document, month), received)

    def logs(self, bucket: UUID, logs: Sequence[Log], received: datetime | None = None) -> UUID:
        """Logs, added by one change."""
        return self.add(bucket, Kind.SYMPTOM_LOG, symptoms.add(self._documents[bucket], logs), received)

    def withdraw(self, bucket: UUID, said: Withdrawn, received: datetime | None = None) -> UUID:
        """A record that logs were withdrawn."""
        return self.add(bucket, Kind.SYMPTOM_LOG, symptoms.add(self._documents[bucket], [], [said]), received)

    def write_over(self, bucket: UUID, log: Log, received: datetime | None = None) -> UUID:
        """A log with other values in the place of one that is there: no app of ours does that, but one might."""
        with self._documents[bucket].edit() as edit:
            edit.put(str(log.id), msgspec.json.encode(log).decode())
        return self.add(bucket, Kind.SYMPTOM_LOG, edit.change or b"", received)

    def put(self, kind: Kind, value: Struct, received: datetime | None = None) -> UUID:
        """A new document that is a record of fields."""
        document, id_ = Document.new(_random.randbytes(16)), new_id()
        self._documents[id_] = document
        return self.add(id_, kind, SHAPES[kind].create(document, value), received)

    def change(self, id_: UUID, kind: Kind, received: datetime | None = None, **fields: Any) -> UUID:
        """A change of some fields of one."""
        document, shape = self._documents[id_], SHAPES[kind]
        before = shape.read(document)
        change = shape.update(document, before, msgspec.structs.replace(before, **fields))
        assert change is not None
        return self.add(id_, kind, change, received)

    def erase(self, id_: UUID) -> None:
        """The document is withdrawn: the log drops what its rows held, and says so with a row."""
        rows = self.log.rows[self.stream]
        kind = next(row.kind for row in rows if row.document == id_)
        for row in rows:
            if row.document == id_:
                self.spoil(row.seq, change=b"")
        self.add(id_, kind, b"", type_=RowType.ERASURE)

    def document(self, id_: UUID) -> Document:
        """The document as the device has it."""
        return self._documents[id_]

    def add(
        self,
        id_: UUID,
        kind: str,
        change: bytes,
        received: datetime | None = None,
        type_: RowType = RowType.CHANGE,
    ) -> UUID:
        """A row of the log."""
        rows = self.log.rows[self.stream]
        kept = change if type_ is RowType.CHANGE else b""
        try:
            hash_ = read_change(change).hash
        except DocumentError:  # a test may store what nobody can read
            hash_ = _random.randbytes(32)
        at = received or RECEIVED + timedelta(seconds=next(self._clock))
        rows.append(Row(len(rows) + 1, id_, kind, hash_, self.client, self.device, at, type_, kept))
        return id_

    def spoil(self, seq: int, **changes: Any) -> None:
        """Change a row after the fact."""
        rows = self.log.rows[self.stream]
        rows[seq - 1] = msgspec.structs.replace(rows[seq - 1], **changes)


def log(
    at: datetime = MONDAY,
    values: dict[str, Number] | None = None,
    scale: tuple[Number, Number] | None = None,
    **more: Any,
) -> Log:
    """A symptom log."""
    more.setdefault("entered_at", at)
    return Log(id=more.pop("id", None) or new_id(), at=at, values=values or {"worry": 3}, scale=scale, **more)
