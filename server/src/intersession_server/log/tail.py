"""The end of each stream, in memory: rows that are durable and not applied yet, and those that were applied last.

An edit is written, applied and sent on within milliseconds, to everybody who watches; from here, none of them reads
the file for it. What is here is what the file says, or nothing is: whatever takes bytes away takes them from here, and
where something may have been missed, the stream's end is let go of and read from the file again.

Of each stream it also knows how far it is applied, which the file may learn a little later. On the event loop's thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from cachetools import LRUCache
from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.changes import Change
from intersession_schemas.messages import Row, RowType
from intersession_schemas.streams import Audience
from intersession_server.log import chain
from intersession_server.log.accept import LogWrite
from intersession_server.log.store import ROW_OVERHEAD, LoggedRow, Page

KEPT_STREAMS = 512
STREAM_BYTES = 64 * 1024
"""Of the applied rows of one stream."""
WAITING_BYTES = 8 * 1024 * 1024
"""Of rows that are not applied yet: with more of them they are read from the file, some at a time."""


class TailRow(Struct, frozen=True):
    """A row, and the chain there as it goes over the wire."""

    row: LoggedRow
    chain: bytes


def written_rows(write: LogWrite, audience: Audience, operations: int, changes: Sequence[Change]) -> list[TailRow]:
    """The rows of a write that was carried out; `operations` are all of its document, `changes` those that it holds."""
    read = {change.hash: change for change in changes}
    return [
        TailRow(
            LoggedRow(
                stream=write.stream,
                seq=row.seq,
                document=write.document,
                kind=write.kind,
                audience=audience,
                hash=row.hash,
                author=write.account,
                device=write.device,
                received_at=write.received_at,
                attempts=1,
                change=row.change or b"",
                type=row.type,
                dropped=row.change is None and row.type is not RowType.QUARANTINE,
                first=write.is_new and row.seq == write.rows[0].seq,
                operations=operations,
                header=read.get(row.hash) if row.change is not None else None,
            ),
            chain.on_wire(row.chain),
        )
        for row in write.rows
    ]


class _End:
    """The rows of one stream after `start`, all that there are."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.rows: deque[TailRow] = deque()
        self.bytes = 0

    @property
    def head(self) -> int:
        return self.start + len(self.rows)

    def add(self, row: TailRow) -> None:
        self.rows.append(row)
        self.bytes += len(row.row.change) + ROW_OVERHEAD

    def shorten(self, applied: int, most: int) -> None:
        """Let go of the oldest applied rows while there are too many bytes."""
        while self.rows and self.bytes > most and self.rows[0].row.seq <= applied:
            first = self.rows.popleft()
            self.bytes -= len(first.row.change) + ROW_OVERHEAD
            self.start += 1

    def after(self, seq: int) -> Iterable[TailRow]:
        """The rows after that one, which must not lie before `start`."""
        for place in range(seq - self.start, len(self.rows)):
            yield self.rows[place]


class Tail:
    """The ends of all streams of one log."""

    def __init__(self) -> None:
        self._ends: LRUCache[UUID, _End] = LRUCache(KEPT_STREAMS)
        self.applied: dict[UUID, int] = {}
        """How far streams are applied, where the file may not say so yet."""
        self._waiting: dict[UUID, None] = {}
        self._complete = False
        self._waiting_bytes = 0
        self.added = 0
        """How often rows came; grows."""

    # --- rows come ---

    def caught_up(self) -> None:
        """The file says that all its rows are applied: what is not, comes by `add` from here on."""
        if not self._waiting:
            self._complete = True

    def add(self, rows: Sequence[TailRow]) -> None:
        """Rows of one stream that have just become durable, in order."""
        stream, first = rows[0].row.stream, rows[0].row.seq
        self.added += 1
        end = self._ends.get(stream)
        if end is None or end.head != first - 1:
            end = _End(first - 1)
        if self._complete:
            self.applied.setdefault(stream, first - 1)
        for row in rows:
            end.add(row)
            self._waiting_bytes += len(row.row.change)
        self._ends[stream] = end
        self._waiting[stream] = None
        if self._waiting_bytes > WAITING_BYTES:
            self.lose()

    def drop(self, stream: UUID, document: UUID, hashes: Collection[bytes] | None) -> None:
        """The bytes of these rows of a document have gone; None: of all of them, and nobody is given any."""
        end = self._ends.get(stream)
        if end is None:
            return
        for place, held in enumerate(end.rows):
            row = held.row
            if row.document == document and row.type is not RowType.ERASURE and (hashes is None or row.hash in hashes):
                gone = replace(row, change=b"", dropped=True, header=None)
                end.rows[place] = replace(held, row=gone)
                end.bytes -= len(row.change)
                if row.seq > self.applied.get(stream, 0):
                    self._waiting_bytes -= len(row.change)

    def lose(self) -> None:
        """Something may have been missed: rows that are not applied are read from the file."""
        self._complete = False
        self._waiting.clear()
        self._waiting_bytes = 0
        self._ends.clear()

    # --- rows are applied ---

    def unapplied(self, limit: int, limit_bytes: int, without: Collection[UUID]) -> list[LoggedRow] | None:
        """As `LogStore.unapplied`; None where the file must be asked."""
        if not self._complete:
            return None
        found: list[LoggedRow] = []
        streams = [stream for stream in self._waiting if stream not in without]
        for place, stream in enumerate(streams):
            end, done = self._ends.get(stream), self.applied.get(stream)
            if end is None or done is None or done < end.start:
                return None
            share = max(1, (limit - len(found)) // (len(streams) - place))
            for held in end.after(done):
                if share == 0:
                    break
                found.append(held.row)
                share -= 1
                limit_bytes -= len(held.row.change)
                if limit_bytes <= 0 or len(found) >= limit:
                    return found
        return found

    def knows(self, stream: UUID, through: int) -> bool:
        """Whether that row of the stream is here."""
        end = self._ends.get(stream)
        return end is not None and end.start < through <= end.head

    def note_applied(self, stream: UUID, through: int, aside: Collection[int] = ()) -> None:
        """The stream is applied so far; rows `aside` were quarantined."""
        before = self.applied.get(stream, 0)
        self.applied[stream] = max(before, through)
        end = self._ends.get(stream)
        if end is None:
            return
        for place, held in enumerate(end.rows):
            if held.row.seq > through:
                break
            if held.row.seq <= before:  # readers may have had it already
                continue
            self._waiting_bytes -= len(held.row.change)
            if held.row.seq in aside and held.row.type is RowType.CHANGE and not held.row.dropped:
                aside_row = replace(held.row, type=RowType.QUARANTINE, change=b"", header=None)
                end.rows[place] = replace(held, row=aside_row)
                end.bytes -= len(held.row.change)
        if end.head <= through:
            self._waiting.pop(stream, None)
        end.shorten(through, STREAM_BYTES)

    # --- rows are read ---

    def page(self, stream: UUID, after: int, limit_bytes: int) -> Page | None:
        """As `LogStore.page`, for somebody who may read it; None where the file must be asked."""
        end, head = self._ends.get(stream), self.applied.get(stream)
        if end is None or head is None or not end.start <= after < head <= end.head:
            return None
        items: list[Row] = []
        room, through, chained = limit_bytes, after, b""
        for held in end.after(after):
            row = held.row
            if row.seq > head:
                break
            if is_given(row):
                size = len(row.change) + ROW_OVERHEAD
                if items and room < size:
                    break
                room -= size
                items.append(as_row(row))
            through, chained = row.seq, held.chain
        if items and through < head:  # as the file gives it: a page that is cut ends with a row that is given
            through = items[-1].seq
            chained = end.rows[through - end.start - 1].chain
        return Page(stream, items, through, chained, head)

    def rows(self, stream: UUID, after: int, limit: int) -> list[Row] | None:
        """As `LogStore.stream_rows`; None where the file must be asked."""
        end, head = self._ends.get(stream), self.applied.get(stream)
        if end is None or head is None or not end.start <= after < head <= end.head:
            return None
        last = min(head, after + limit)
        return [as_row(held.row) for held in end.after(after) if held.row.seq <= last]


def is_given(row: LoggedRow) -> bool:
    """Whether readers are given the row."""
    return row.type is RowType.ERASURE or not row.dropped


def as_row(row: LoggedRow) -> Row:
    """The row as it is given."""
    change = row.change if row.type is RowType.CHANGE else b""
    return Row(row.seq, row.document, row.kind, row.hash, row.author, row.device, row.received_at, row.type, change)
