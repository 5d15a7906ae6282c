"""Automerge's chunks, found anywhere in bytes and taken apart by hand, however damaged.

Nothing here asks Automerge: what it would refuse to load may still be read by somebody. The format is that of its
specification: chunk type 0 is a saved document, 1 a change, 2 a deflated change.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256

from msgspec import Struct

from intersession_schemas.leb128 import leb128

MAGIC = b"\x85\x6f\x4a\x83"
SAVED, CHANGE, DEFLATED = 0, 1, 2
_DEFLATE_BIT = 0x08
_STEP = 32
"""Deflated bytes taken at a time, so that what comes before a damaged place is kept."""
_MOST = 64 * 1024 * 1024

Id = tuple[int, bytes]
"""Of an operation or an object: counter and actor."""
_HEAD: Id = (0, b"")


class Damaged(Exception):
    """The bytes end too early, or are no such thing."""


class Chunk(Struct, frozen=True):
    """A chunk: `data` as it was found (for a damaged one all that follows), `body` inflated as far as that goes."""

    type: int
    data: bytes
    body: bytes
    whole: bool

    @property
    def hash(self) -> bytes:
        """The hash of a whole change."""
        return sha256(bytes([CHANGE]) + leb128(len(self.body)) + self.body).digest()


class Operation(Struct, frozen=True):
    """One operation of a change: what it inserts or sets, where, and behind which element."""

    id: Id
    object: Id
    after: Id | None
    insert: bool
    value: bytes


class Header(Struct, frozen=True):
    """What a change says of itself, and its columns by specification."""

    deps: tuple[bytes, ...]
    actors: tuple[bytes, ...]
    seq: int
    start_op: int
    columns: dict[int, bytes]


def starts(data: bytes) -> Iterator[int]:
    """Where chunks may begin."""
    at = data.find(MAGIC)
    while at >= 0:
        yield at
        at = data.find(MAGIC, at + 1)


def chunks(data: bytes) -> Iterator[Chunk]:
    """Every chunk that begins anywhere in `data`."""
    for at in starts(data):
        found = chunk_at(data, at)
        if found is not None:
            yield found


def chunk_at(data: bytes, at: int) -> Chunk | None:
    """The chunk that begins at `at`, whole or as far as it goes; None where there is none."""
    reader = Reader(data, at + 8)
    try:
        type_ = reader.take(1)[0]
        length = reader.uint()
    except Damaged:
        return None
    if type_ not in (SAVED, CHANGE, DEFLATED):
        return None
    content = data[reader.at : reader.at + min(length, _MOST)]
    whole = len(content) == length
    body = content
    if type_ == DEFLATED:
        body, ended = inflate(content)
        whole = whole and ended
    if whole:
        hashed = sha256(bytes([min(type_, CHANGE)]) + leb128(len(body)) + body).digest()
        whole = hashed[:4] == data[at + 4 : at + 8]
    return Chunk(type_, data[at : reader.at + len(content)], body, whole)


def inflate(data: bytes) -> tuple[bytes, bool]:
    """What `data` inflates to up to its first damaged place, and whether it ended as it should."""
    inflater = zlib.decompressobj(-15)
    out = bytearray()
    with suppress(zlib.error):
        for at in range(0, len(data), _STEP):
            out += inflater.decompress(data[at : at + _STEP])
            if inflater.eof or len(out) > _MOST:
                break
        out += inflater.flush()
    return bytes(out), inflater.eof


def saved_columns(chunk: Chunk) -> Iterator[bytes]:
    """The columns of a saved document, inflated: of its changes, then of its operations."""
    reader = Reader(chunk.body)
    try:
        for _ in range(reader.uint()):
            reader.take(reader.uint())
        for _ in range(reader.uint()):
            reader.take(32)
        named = []
        for _ in range(2):
            named += [(reader.uint(), reader.uint()) for _ in range(reader.uint())]
        for specification, length in named:
            column = reader.take(length, most=True)
            yield inflate(column)[0] if specification & _DEFLATE_BIT else column
    except Damaged:
        return


def header(body: bytes) -> Header:
    """What a change's body says. Raises `Damaged`."""
    reader = Reader(body)
    deps = tuple(reader.take(32) for _ in range(reader.uint()))
    actor = reader.take(reader.uint())
    seq, start_op = reader.uint(), reader.uint()
    reader.uint()  # the time
    reader.take(reader.uint())  # the message
    others = [reader.take(reader.uint()) for _ in range(reader.uint())]
    named = [(reader.uint(), reader.uint()) for _ in range(reader.uint())]
    columns = {}
    for specification, length in named:
        column = reader.take(length, most=True)
        if specification & _DEFLATE_BIT:
            column = inflate(column)[0]
        columns[specification & ~_DEFLATE_BIT] = column
    return Header(deps, (actor, *others), seq, start_op, columns)


def letters_ever(bodies: Iterable[bytes]) -> Iterator[str]:
    """All that was ever inserted into each list or text of a document, in its place, deleted or not.

    Needs no change's dependencies: what hangs on an element that is missing begins anew.
    """
    behind: dict[Id, dict[Id, list[Operation]]] = defaultdict(lambda: defaultdict(list))
    for body in bodies:
        with suppress(Damaged):
            for operation in operations(body):
                if operation.insert and operation.after is not None:
                    behind[operation.object][operation.after].append(operation)
    for elements in behind.values():
        known = {each.id for siblings in elements.values() for each in siblings}
        for first in sorted(after for after in elements if after not in known):
            out = bytearray()
            waiting = sorted(elements[first], key=lambda each: each.id)
            while waiting:
                element = waiting.pop()
                out += element.value
                waiting += sorted(elements.get(element.id, ()), key=lambda each: each.id)
            yield out.decode("utf-8", "replace")


def operations(body: bytes) -> list[Operation]:
    """The operations of a change. Raises `Damaged`."""
    read = header(body)
    columns = defaultdict(bytes, read.columns)
    actions = list(numbers(columns[0x42]))
    count = len(actions)

    def column(values: Iterable[int | None]) -> list[int | None]:
        found = list(values)[:count]
        return found + [None] * (count - len(found))

    object_actors, object_counters = column(numbers(columns[0x01])), column(numbers(columns[0x02]))
    key_actors, key_counters = column(numbers(columns[0x11])), column(deltas(columns[0x13]))
    inserts = column(booleans(columns[0x34]))
    metadata = column(numbers(columns[0x56]))
    values = Reader(columns[0x57])

    def named(counter: int | None, actor: int | None) -> Id:
        if not counter or actor is None or actor >= len(read.actors):
            return _HEAD
        return counter, read.actors[actor]

    made = []
    for row in range(count):
        meta = metadata[row] or 0
        value = values.take(meta >> 4, most=True)
        made.append(
            Operation(
                id=(read.start_op + row, read.actors[0]),
                object=named(object_counters[row], object_actors[row]),
                after=None if key_counters[row] is None else named(key_counters[row], key_actors[row]),
                insert=bool(inserts[row]),
                value=value if meta & 15 == 6 else b"",
            )
        )
    return made


def numbers(column: bytes, *, signed: bool = False) -> Iterator[int | None]:
    """The rows of a run-length coded column of numbers."""
    reader = Reader(column)
    read = reader.sint if signed else reader.uint
    rows = 0
    while reader.at < len(column) and rows < 1_000_000:
        length = reader.sint()
        if length > 0:
            value = read()
            run: list[int | None] = [value] * min(length, 1_000_000)
        elif length == 0:
            run = [None] * min(reader.uint(), 1_000_000)
        else:
            run = [read() for _ in range(min(-length, 1_000_000))]
        rows += len(run)
        yield from run


def deltas(column: bytes) -> Iterator[int | None]:
    """The rows of a column of differences."""
    now = 0
    for difference in numbers(column, signed=True):
        if difference is not None:
            now += difference
        yield None if difference is None else now


def booleans(column: bytes) -> Iterator[int | None]:
    """The rows of a column of booleans: lengths of alternating runs, the first of which is false."""
    reader, value = Reader(column), 0
    while reader.at < len(column):
        yield from [value] * min(reader.uint(), 1_000_000)
        value = 1 - value


class Reader:
    """A cursor over bytes. Running past the end is `Damaged`."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def take(self, length: int, *, most: bool = False) -> bytes:
        """The next `length` bytes; with `most` as many of them as there are."""
        taken = self.data[self.at : self.at + length]
        if len(taken) < length and not most:
            raise Damaged
        self.at += len(taken)
        return taken

    def uint(self) -> int:
        """An unsigned LEB128 number."""
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise Damaged

    def sint(self) -> int:
        """A signed LEB128 number."""
        start = self.at
        value = self.uint()
        bits = 7 * (self.at - start)
        return value - (1 << bits) if value >> (bits - 1) & 1 else value
