"""SQLite files as they lie on a disk: pages in use and free, the write-ahead log, and the terms of a full-text index.

Nothing here opens the file that is looked at: rows are read from a copy, so that who has it open is not disturbed.
"""

from __future__ import annotations

import sqlite3
import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from tests.disclosure import chunks
from tests.disclosure.chunks import Chunk

HEADER = b"SQLite format 3\x00"
BESIDE = ("-wal", "-shm", "-journal")
_WAL_HEADER, _FRAME_HEADER = 32, 24
_TRIES = 20


class Unreadable(AssertionError):
    """What was to be searched could not be read, so nothing can be said about it."""


class Cell(Struct, frozen=True):
    """One value of a table, as bytes."""

    table: str
    column: str
    row: int
    data: bytes


class Page(Struct, frozen=True):
    """One image of a page, as the file or one frame of the log has it. `order` is 0 in the file."""

    number: int
    order: int
    data: bytes


class Image:
    """The bytes of a database, taken at one moment: the main file and what lies beside it."""

    def __init__(self, path: Path) -> None:
        """Raises `Unreadable` when the files keep changing."""
        for _ in range(_TRIES):
            before = _state(path)
            self.files = {file.name: file.read_bytes() for file in _files(path)}
            if _state(path) == before:
                break
        else:
            raise Unreadable(f"{path.name} keeps changing; search it when nobody writes")
        self.name = path.name
        main = self.files[self.name]
        self._size, unused = (4096, 0) if self.is_encrypted() else (*struct.unpack(">H", main[16:18]), main[20])
        self._size = 65536 if self._size == 1 else self._size
        self._usable = self._size - unused
        self._pages: dict[int, list[Page]] = defaultdict(list)
        for page in self._read_pages():
            self._pages[page.number].append(page)

    def cells(self) -> Iterator[Cell]:
        """Every text and blob of every table, hidden ones too, read from a copy. Raises `Unreadable`."""
        with TemporaryDirectory(prefix="disclosure-") as folder:
            for name, data in self.files.items():
                if not name.endswith("-shm"):
                    Path(folder, name).write_bytes(data)
            with closing(sqlite3.connect(Path(folder, self.name), isolation_level=None)) as connection:
                connection.text_factory = bytes
                try:
                    yield from _cells(connection)
                except sqlite3.DatabaseError as failure:
                    raise Unreadable(f"{self.name} cannot be read: {failure}") from None

    def is_encrypted(self) -> bool:
        """Whether the file is no plain database."""
        return not self.files[self.name].startswith(HEADER)

    def chunks(self) -> Iterator[Chunk]:
        """Every chunk that begins on any page, in use or not; one that goes on over other pages is put together."""
        for images in self._pages.values():
            for page in images:
                for at in chunks.starts(page.data):
                    found = chunks.chunk_at(page.data, at)
                    if found is None:
                        continue
                    yield found if found.whole else self._put_together(page, at) or found

    def _put_together(self, page: Page, at: int) -> Chunk | None:
        """A chunk that goes on over a chain of pages: any number behind its start may be the chain's first page."""
        most = max(self._pages)
        for end in range(at + 10, self._usable - 3):
            (first,) = struct.unpack(">I", page.data[end : end + 4])
            if not 1 < first <= most:
                continue
            found = chunks.chunk_at(page.data[at:end] + self._chain(first, page.order), 0)
            if found is not None and found.whole:
                return found
        return None

    def _chain(self, number: int, order: int) -> bytes:
        """What the overflow pages from `number` on hold, as they were when frame `order` was written."""
        out, seen = bytearray(), set[int]()
        while number in self._pages and number not in seen:
            seen.add(number)
            page = min(self._pages[number], key=lambda each: abs(each.order - order))
            out += page.data[4 : self._usable]
            (number,) = struct.unpack(">I", page.data[:4])
        return bytes(out)

    def _read_pages(self) -> Iterator[Page]:
        main = self.files[self.name]
        for number, at in enumerate(range(0, len(main), self._size), start=1):
            yield Page(number, 0, main[at : at + self._size])
        log = self.files.get(f"{self.name}-wal", b"")
        step = _FRAME_HEADER + self._size
        for order, at in enumerate(range(_WAL_HEADER, len(log), step), start=1):
            if len(log) >= at + 4:
                (number,) = struct.unpack(">I", log[at : at + 4])
                yield Page(number, order, log[at + _FRAME_HEADER : at + step])


def is_database(path: Path) -> bool:
    """Whether a file begins like a plain database."""
    with path.open("rb") as opened:
        return opened.read(len(HEADER)) == HEADER


def terms(leaf: bytes) -> Iterator[bytes]:
    """The terms on a leaf of an FTS5 index (a blob of its `_data` table), deleted ones too; none if it is no leaf."""
    if len(leaf) < 6:
        return
    (end,) = struct.unpack(">H", leaf[2:4])
    if not 4 <= end < len(leaf):
        return
    with suppress(IndexError):
        at, place, term = end, 0, b""
        first = True
        while at < len(leaf):
            delta, at = _varint(leaf, at)
            place += delta
            kept, start = (0, place) if first else _varint(leaf, place)
            new, start = _varint(leaf, start)
            term = term[:kept] + leaf[start : start + new]
            first = False
            yield term


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """One of SQLite's numbers of varying length, and where it ends."""
    value = 0
    for _ in range(8):
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | data[at], at + 1


def _cells(connection: sqlite3.Connection) -> Iterator[Cell]:
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    for raw_name, sql in found:
        name = raw_name.decode()
        if (sql or b"").upper().startswith(b"CREATE VIRTUAL"):
            continue  # its content is in tables of its own
        quoted = name.replace('"', '""')
        rows = connection.execute(f'SELECT * FROM "{quoted}"')
        columns = [column[0] for column in rows.description]
        for number, row in enumerate(rows):
            for column, value in zip(columns, row, strict=True):
                if isinstance(value, bytes) and value:
                    yield Cell(name, column, number, value)


def _files(path: Path) -> list[Path]:
    beside = (path.with_name(path.name + ending) for ending in BESIDE)
    return [path, *(file for file in beside if file.exists())]


def _state(path: Path) -> list[tuple[str, int, int]]:
    state = []
    for file in _files(path):
        with suppress(FileNotFoundError):
            status = file.stat()
            state.append((file.name, status.st_size, status.st_mtime_ns))
    return [each for each in state if not each[0].endswith("-shm")]
