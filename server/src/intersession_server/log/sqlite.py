"""The log on SQLite: one writer on a thread of its own, readers on a few others.

Every call is a function of `sqlite_accept`, `sqlite_writes` or `sqlite_reads`, run on a connection of its kind. Readers
never write or checkpoint, and are closed before the writer: the last connection of a file makes its last checkpoint.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import structlog
from cachetools import LRUCache

from intersession_schemas.changes import Change
from intersession_schemas.messages import Row
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.streams import Audience, Role
from intersession_server.errors import StorageError
from intersession_server.log import sqlite_accept as accept
from intersession_server.log import sqlite_reads as reads
from intersession_server.log import sqlite_writes as writes
from intersession_server.log.accept import LogWrite
from intersession_server.log.quotas import Quotas
from intersession_server.log.saved import sqlite as saved
from intersession_server.log.saved.making import SavedDocument, Unsaved
from intersession_server.log.soundness.rows import FILE_NAME, is_damage
from intersession_server.log.sqlite_accept import Carried
from intersession_server.log.store import (
    Access,
    BackfillPage,
    DamagedLog,
    Grant,
    LoggedRow,
    NotReadable,
    Offer,
    Page,
    Reader,
    StorageFailed,
    Stream,
)
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest, Submission
from intersession_server.log.tail import Tail, written_rows
from intersession_server.log.writer import CLOSED, Work, Writer
from intersession_server.storage.migrations import Schema, migrate, use_wal
from intersession_server.storage.readers import Readers, ReadersClosed

T = TypeVar("T")

_log = structlog.get_logger(__name__)

SCHEMA = Schema("the log", 0x49534C47, files("intersession_server.log") / "migrations")
READERS = 4
READERS_REMEMBERED = 4_096
BUSY_SECONDS = 10.0


def connect(path: Path) -> sqlite3.Connection:
    """The writing connection: durable before it says so, deleted content overwritten, checkpoints left to the writer.

    Raises `StorageError` for a file that cannot be used (`not_ours`, `too_new`), `DamagedLog` for one that was altered,
    `StorageFailed` when the disk fails.
    """
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    try:
        use_wal(connection, BUSY_SECONDS)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS flushes the drive's own cache only when asked to
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        migrate(connection, SCHEMA)
    except UnicodeDecodeError as error:  # what SQLite says of a schema that was altered quotes it
        connection.close()
        raise DamagedLog(FILE_NAME) from error
    except sqlite3.Error as error:
        connection.close()
        raise _unusable(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


class SqliteLogStore:
    """`LogStore` on one SQLite file. See there for what each method promises."""

    def __init__(self, writer: Writer, readers: Readers, quotas: Quotas) -> None:
        """Use `open`."""
        self._quotas = quotas
        self._writer = writer
        self._readers = readers
        self._tail = Tail()
        self._damaged: set[tuple[UUID | None, int | None]] = set()
        self._may_read: LRUCache[tuple[Reader, UUID, UUID], None] = LRUCache(READERS_REMEMBERED)
        """Readers who were given pages under a grant; all forgotten when anybody's access changes."""

    @classmethod
    def open(cls, path: Path, *, readers: int = READERS, quotas: Quotas | None = None) -> SqliteLogStore:
        """Open the file, made and migrated where needed. Blocks: call it at start-up.

        Raises `StorageError` (`not_ours`, `too_new`), `StorageFailed`.
        """
        return cls(Writer(path, connect), Readers(path, readers), quotas or Quotas())

    async def close(self) -> None:
        """See `LogStore.close`."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._readers.close()
        self._writer.close()

    async def _read(self, read: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await self._readers.run(read)
        except (sqlite3.DatabaseError, ValueError, TypeError, OverflowError) as error:
            if is_damage(error):
                _log.error("log.damaged", reason=str(error) if isinstance(error, sqlite3.Error) else "unreadable")
                raise DamagedLog(FILE_NAME) from error
            raise StorageFailed(f"The log could not be read ({error}). Repair the disk, then try again.") from error
        except DamagedLog as error:
            self._note(error)
            raise
        except ReadersClosed as error:
            raise StorageFailed(CLOSED) from error

    def _note(self, damage: DamagedLog) -> None:
        """Log it, once: what is damaged is asked for again and again."""
        if (where := (damage.stream, damage.seq)) not in self._damaged:
            self._damaged.add(where)
            _log.error("log.damaged", stream=str(damage.stream), seq=damage.seq)

    def write(self, work: Work[T]) -> asyncio.Future[T]:
        """Run a function of the writing connection as one job; see `Writer.submit`."""
        return self._writer.submit(work)

    # --- accept ---

    def append(self, submission: Submission, received_at: datetime) -> asyncio.Future[Appended | Declined]:
        """See `LogStore.append`."""
        at = _instant(received_at)

        def work(connection: sqlite3.Connection) -> tuple[Appended | Declined, Carried | None]:
            if submission.replaces:
                self._writer.empty_wal()
            return accept.append(connection, submission, at, self._quotas)

        return self._carry(work, submission.changes)

    def erase(
        self, request: ErasureRequest, received_at: datetime, *, keep: bool
    ) -> asyncio.Future[ErasureDone | Declined]:
        """See `LogStore.erase`."""
        at = _instant(received_at)

        def work(connection: sqlite3.Connection) -> tuple[ErasureDone | Declined, Carried | None]:
            self._writer.empty_wal()
            return accept.erase(connection, request, at, self._quotas, keep=keep)

        return self._carry(work)

    async def found(self, stream: UUID, document: UUID, kind: str, changes: Sequence[Change], at: datetime) -> bool:
        """See `LogStore.found`."""
        made = _instant(at)

        def work(connection: sqlite3.Connection) -> tuple[bool, Carried | None]:
            carried = accept.found(connection, stream, document, kind, changes, made)
            return carried is not None, carried

        return await self._carry(work, changes)

    def _carry(self, work: Work[tuple[T, Carried | None]], changes: Sequence[Change] = ()) -> asyncio.Future[T]:
        """What `work` answers, once what it wrote is durable and in the tail, where it comes in order."""

        def landed(done: tuple[T, Carried | None]) -> T:
            answer, carried = done
            if carried is not None:
                self._take_in(*carried, changes)
            return answer

        return self._writer.carry(work, landed)

    def _take_in(self, write: LogWrite, audience: Audience, operations: int, changes: Sequence[Change]) -> None:
        if write.erased is not None:
            self._tail.drop(write.stream, write.document, None)
        elif write.dropped:
            self._tail.drop(write.stream, write.document, None if write.dropped == "all" else write.dropped)
        if write.rows:
            self._tail.add(written_rows(write, audience, operations, changes))

    # --- distribute ---

    async def page(self, reader: Reader, stream: UUID, grant: UUID, after: int, limit_bytes: int) -> Page | NotReadable:
        """See `LogStore.page`."""
        who = reader, stream, grant
        if who in self._may_read and (found := self._tail.page(stream, after, limit_bytes)) is not None:
            return found
        access, ahead = self._may_read, self._ahead()
        page = await self._read(lambda c: reads.page(c, ahead, reader, stream, grant, after, limit_bytes))
        if isinstance(page, Page):
            access[who] = None
        return page

    async def backfill(
        self, reader: Reader, stream: UUID, grant: UUID, head: int, below: int | None, limit_bytes: int
    ) -> BackfillPage | NotReadable:
        """See `LogStore.backfill`."""
        ahead = self._ahead()
        return await self._read(lambda c: reads.backfill(c, ahead, reader, stream, grant, head, below, limit_bytes))

    async def offers(self, reader: Reader) -> list[Offer]:
        """See `LogStore.offers`."""
        ahead = self._ahead()
        return await self._read(lambda c: reads.offers(c, ahead, reader))

    async def access(self, reader: Reader, cursors: Mapping[UUID, int]) -> Access:
        """See `LogStore.access`."""
        ahead = self._ahead()
        return await self._read(lambda c: reads.access(c, ahead, reader, cursors))

    async def chain_at(self, stream: UUID, seq: int) -> bytes | None:
        """See `LogStore.chain_at`."""
        return await self._read(lambda c: reads.chain_at(c, stream, seq))

    async def missing_changes(self, stream: UUID, document: UUID, hashes: Sequence[bytes]) -> list[bytes]:
        """See `LogStore.missing_changes`."""
        return await self._read(lambda c: reads.missing_changes(c, stream, document, hashes))

    # --- who may ---

    async def create_stream(
        self,
        id: UUID,
        audience: Audience,
        practice: UUID,
        client: UUID | None,
        at: datetime,
    ) -> None:
        """See `LogStore.create_stream`."""
        made = to_micros(at)
        await self.write(lambda c: writes.create_stream(c, id, audience, practice, client, made))

    async def grant(self, id: UUID, stream: UUID, account: UUID, role: Role, at: datetime) -> None:
        """See `LogStore.grant`."""
        since = to_micros(at)
        await self._change_access(lambda c: writes.grant(c, id, stream, account, role, since))

    async def end_grant(self, grant: UUID, at: datetime) -> list[Grant]:
        """See `LogStore.end_grant`."""
        until = to_micros(at)
        return await self._change_access(lambda c: writes.end_grant(c, grant, until))

    async def end_grants(self, stream: UUID, account: UUID, at: datetime) -> list[Grant]:
        """See `LogStore.end_grants`."""
        until = to_micros(at)
        return await self._change_access(lambda c: writes.end_grants(c, stream, account, until))

    async def revoke_device(self, device: UUID, at: datetime) -> None:
        """See `LogStore.revoke_device`."""
        since = to_micros(at)
        await self._change_access(lambda c: writes.revoke_device(c, device, since))

    async def _change_access(self, work: Work[T]) -> T:
        """Write who may read. Whoever was let in before is looked up again from now on, and once it is written."""
        self._may_read = LRUCache(READERS_REMEMBERED)
        try:
            return await self.write(work)
        finally:
            self._may_read = LRUCache(READERS_REMEMBERED)

    async def device_revoked(self, device: UUID) -> bool:
        """See `LogStore.device_revoked`."""
        return await self._read(lambda c: reads.device_revoked(c, device))

    async def grants_of(self, stream: UUID) -> list[Grant]:
        """See `LogStore.grants_of`."""
        return await self._read(lambda c: reads.grants_of(c, stream))

    # --- apply ---

    async def unapplied(self, limit: int, limit_bytes: int, without: Collection[UUID] = ()) -> list[LoggedRow]:
        """See `LogStore.unapplied`."""
        held = self._tail.unapplied(limit, limit_bytes, without)
        if held is not None:
            return held
        ahead, asked = self._ahead(), self._tail.added
        found, damaged = await self._read(lambda c: reads.unapplied(c, ahead, limit, limit_bytes, without))
        for one in damaged:
            self._note(one)
        if not found and not damaged and not without and asked == self._tail.added:
            self._tail.caught_up()
        return found

    async def note_attempts(self, rows: Sequence[LoggedRow]) -> None:
        """See `LogStore.note_attempts`."""
        await self.write(lambda c: writes.note_attempts(c, rows))

    async def applied(self, stream: UUID, through: int, quarantined: Sequence[int]) -> None:
        """See `LogStore.applied`."""
        done = self._ahead().get(stream, 0)  # what readers may have had, though the file does not say so yet
        quarantined = [seq for seq in quarantined if seq > done]
        work = partial(writes.applied, stream=stream, through=through, quarantined=tuple(quarantined))
        # Whoever starts after a crash comes to the same, so nobody has to wait until it is written.
        waits = bool(quarantined) or not self._tail.knows(stream, through)
        if waits:
            await self.write(work)
        self._tail.note_applied(stream, through, quarantined)
        if not waits:
            self._writer.defer(stream, work)

    def _ahead(self) -> dict[UUID, int]:
        """How far streams are applied of which the file may not say so yet."""
        return {stream: self._tail.applied[stream] for stream in self._writer.unwritten() if isinstance(stream, UUID)}

    async def document_changes(self, document: UUID) -> list[bytes]:
        """See `LogStore.document_changes`."""
        ahead = self._ahead()
        return await self._read(lambda c: reads.document_changes(c, ahead, document))

    # --- save ---

    async def unsaved(self, before: datetime, limit: int) -> Unsaved | None:
        """See `LogStore.unsaved`."""
        ahead = self._ahead()
        return await self._read(lambda c: saved.unsaved(c, ahead, to_micros(before), limit))

    async def saved(self, document: UUID) -> SavedDocument | None:
        """See `LogStore.saved`."""
        return await self._read(lambda c: saved.find(c, document.bytes))

    async def keep_saved(self, stream: UUID, through: int, made: Mapping[UUID, SavedDocument]) -> None:
        """See `LogStore.keep_saved`."""
        await self.write(lambda c: saved.keep(c, stream, through, made))

    # --- the server's own reads ---

    async def stream_rows(self, stream: UUID, after: int, limit: int) -> list[Row]:
        """See `LogStore.stream_rows`."""
        found = self._tail.rows(stream, after, limit)
        if found is not None:
            return found
        ahead = self._ahead()
        return await self._read(lambda c: reads.stream_rows(c, ahead, stream, after, limit))

    async def document_rows(self, document: UUID) -> list[Row]:
        """See `LogStore.document_rows`."""
        ahead = self._ahead()
        return await self._read(lambda c: reads.document_rows(c, ahead, document))

    async def document_operations(self, documents: Sequence[UUID]) -> dict[UUID, int]:
        """See `LogStore.document_operations`."""
        return await self._read(lambda c: reads.document_operations(c, documents))

    async def stream_heads(self) -> dict[UUID, int]:
        """See `LogStore.stream_heads`."""
        ahead = self._ahead()
        return await self._read(lambda c: reads.stream_heads(c, ahead))

    async def stream(self, id: UUID) -> Stream | None:
        """See `LogStore.stream`."""
        ahead = self._ahead()
        return await self._read(lambda c: reads.stream(c, ahead, id))

    async def streams_of_client(self, client: UUID) -> list[Stream]:
        """See `LogStore.streams_of_client`."""
        ahead = self._ahead()
        return await self._read(lambda c: reads.streams_of_client(c, ahead, client))


def _instant(at: datetime) -> datetime:
    """A moment as the log keeps it. Raises `ValueError` for a naive one, which names no instant."""
    return from_micros(to_micros(at))


def _unusable(path: Path, error: sqlite3.Error) -> Exception:
    if isinstance(error, sqlite3.OperationalError):
        return StorageFailed(f"The log {path.name} could not be opened ({error}). Check that its folder is writable.")
    return StorageError(
        f"The file {path.name} is not a log of this program. Choose another data folder.", code="not_ours"
    )
