"""What a change of a document says about itself, read without letting Automerge see it.

Run-length coding lets a change of a hundred bytes cost hundreds of megabytes once applied, so limits on
bytes alone protect nobody. `read_change` reads the header, inflates with a bound, checks the checksum and
counts what every column would expand to, before anything is built.

The format is Automerge's binary format, chunk types 1 (change) and 2 (deflated change), with the column
encodings of its specification. Taken are only the operations, columns and values that our documents are made
of. Three that Automerge knows are refused on purpose: counters and values of unknown types, as the binding
panics when it reads one; timestamps, as one beyond the year 9999 cannot be read; and marks, as Automerge
builds the set of all open marks at every letter: 160 KB of them cost 5 GB.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from hashlib import sha256

from msgspec import Struct

from intersession_schemas.errors import DocumentError, Refusal

MAX_CHANGE_BYTES = 1024 * 1024
"""A change's size once inflated, and what its key strings may expand to."""
MAX_CHANGE_OPERATIONS = 20_000
MAX_DOCUMENT_OPERATIONS = 200_000
"""Operations of one document over its whole history; no operation counter may lie beyond it."""
MAX_DOCUMENT_BYTES = 4 * 1024 * 1024
"""Bytes of all changes of one document, inflated (`Change.size`): a kilobyte may inflate to a megabyte."""
MAX_DEPENDENCIES = 1_000
RUNS_FOR_NOTHING, RUNS_A_BYTE = 20_000, 4
"""How many runs the columns of a change may have in all: so many, and so many more for each byte on the wire.

Runs are read one by one, and deflated a few hundred bytes can hold hundreds of thousands. What people write has fewer
runs than bytes; one column of a text that repeats itself is what the first number is for.
"""

_MAGIC = b"\x85\x6f\x4a\x83"
_SAVED, _CHANGE, _DEFLATED = 0, 1, 2
_SMALLEST_HEADER = 10

# Columns, by specification (id << 4 | type). A delta column's rows are told apart like a number column's.
_OBJECT_ACTOR, _OBJECT_COUNTER = 0x01, 0x02
_KEY_ACTOR, _KEY_COUNTER, _KEY_STRING = 0x11, 0x13, 0x15
_INSERT, _ACTION = 0x34, 0x42
_VALUE_META, _VALUE = 0x56, 0x57
_PREDECESSOR_COUNT, _PREDECESSOR_ACTOR, _PREDECESSOR_COUNTER = 0x70, 0x71, 0x73
_OF_OPERATIONS = (_OBJECT_ACTOR, _OBJECT_COUNTER, _KEY_ACTOR, _KEY_COUNTER)
_OF_PREDECESSORS = (_PREDECESSOR_ACTOR, _PREDECESSOR_COUNTER)
_COLUMNS = frozenset(
    (_KEY_STRING, _INSERT, _ACTION, _VALUE_META, _VALUE, _PREDECESSOR_COUNT, *_OF_OPERATIONS, *_OF_PREDECESSORS)
)
_ACTIONS = frozenset(range(5))
"""Make a map, set, make a list, delete, make a text."""
_VALUE_TYPES = frozenset(range(8))
"""Null, false, true, unsigned, signed, float, string, bytes."""

_SHORT_RUNS = {length: length for length in range(1, 0x40)} | {0x7F: 1}
"""First bytes of runs of up to 63 equal rows, and of a literal run of one (-1): how many rows."""


class Change(Struct, frozen=True):
    """A change's header, what it would expand to, and `data`, the bytes as they came (possibly deflated).

    `operations` and `size` (bytes once inflated) are what counts against a document's limits.
    """

    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    start_op: int
    operations: int
    data: bytes
    size: int


def read_change(data: bytes) -> Change:
    """Read and bound one change.

    Raises `DocumentError` with code `bad_change`, `bad_checksum`, `too_large` or `too_many_operations`.
    """
    body, hash_ = _open_chunk(data)
    reader = _Reader(body)
    try:
        deps = tuple(reader.take(32) for _ in range(reader.count(MAX_DEPENDENCIES, "dependencies")))
        actor = reader.take(reader.uint())
        seq = reader.uint()
        start_op = reader.uint()
        reader.uint()  # time
        reader.take(reader.uint())  # message
        for _ in range(reader.count(MAX_CHANGE_OPERATIONS, "other actors")):
            reader.take(reader.uint())
        operations = _count_operations(_read_columns(reader), _Runs(RUNS_FOR_NOTHING + RUNS_A_BYTE * len(data)))
    except IndexError:
        raise _bad("it ends too early") from None
    if not 1 <= len(actor) <= 64 or seq < 1 or start_op < 1:
        raise _bad("its actor, sequence number or first operation is out of range")
    if operations > MAX_CHANGE_OPERATIONS or start_op + operations - 1 > MAX_DOCUMENT_OPERATIONS:
        raise _too_many()
    return Change(hash_, deps, actor, seq, start_op, operations, data, len(body))


def inflated_size(data: bytes) -> int:
    """About how many bytes `data` takes once inflated: changes, a saved document, or both, joined.

    Raises `DocumentError` where it is neither.
    """
    reader, size = _Reader(data), 0
    try:
        while reader.at < len(data):
            type_ = reader.take(_SMALLEST_HEADER - 1)[-1]
            chunk = reader.take(reader.uint())
            if type_ == _DEFLATED:
                size += len(_inflate(chunk))
            else:
                # The columns of a saved document are deflated one by one, prose to about an eighth.
                size += len(chunk) * (8 if type_ == _SAVED else 1)
    except IndexError:
        raise _bad("it ends too early") from None
    return size


def leb128(number: int) -> bytes:
    """A number >= 0 as Automerge writes it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _open_chunk(data: bytes) -> tuple[bytes, bytes]:
    """The inflated contents of the one chunk in `data`, and the hash that its checksum is the beginning of."""
    if len(data) > MAX_CHANGE_BYTES:
        raise _too_large(len(data))
    if len(data) < _SMALLEST_HEADER or data[:4] != _MAGIC or data[8] not in (_CHANGE, _DEFLATED):
        raise _bad("it is not a change chunk")
    reader = _Reader(data, 9)
    try:
        body = reader.take(reader.uint())
    except IndexError:
        raise _bad("it ends too early") from None
    if reader.at != len(data):
        raise _bad("bytes follow its end")
    if data[8] == _DEFLATED:
        body = _inflate(body)
    hash_ = sha256(bytes([_CHANGE]) + leb128(len(body)) + body).digest()
    if hash_[:4] != data[4:8]:
        raise DocumentError("A change's checksum does not match its bytes.", code=Refusal.BAD_CHECKSUM)
    return body, hash_


def _inflate(data: bytes) -> bytes:
    inflater = zlib.decompressobj(-15)
    try:
        body = inflater.decompress(data, MAX_CHANGE_BYTES + 1)
    except zlib.error:
        raise _bad("it does not inflate") from None
    if len(body) > MAX_CHANGE_BYTES:
        raise _too_large(len(body))
    if not inflater.eof or inflater.unused_data:
        raise _bad("its deflated part does not end where it should")
    return body


def _read_columns(reader: _Reader) -> dict[int, bytes]:
    """The columns' bytes by specification."""
    named = [(reader.uint(), reader.uint()) for _ in range(reader.count(len(_COLUMNS), "columns"))]
    columns = {}
    for specification, length in named:
        if specification not in _COLUMNS or specification in columns:
            raise _bad("a column is doubled, deflated or not one of an operation without marks")
        columns[specification] = reader.take(length)
    return columns


def _count_operations(columns: dict[int, bytes], runs: _Runs) -> int:
    """Operations of the change; no column may expand to more rows than there are operations (or predecessors)."""
    actions = _tally(columns.get(_ACTION, b""), MAX_CHANGE_OPERATIONS, runs)
    if not _ACTIONS.issuperset(actions):
        raise _bad("it holds a counter, a mark or an operation that no document has")
    operations = sum(actions.values())
    counts = _tally(columns.get(_PREDECESSOR_COUNT, b""), operations, runs)
    predecessors = sum(rows * (count or 0) for count, rows in counts.items())
    if predecessors > MAX_CHANGE_OPERATIONS:
        raise _too_many()
    for specification in _OF_OPERATIONS:
        _tally(columns.get(specification, b""), operations, runs)
    for specification in _OF_PREDECESSORS:
        _tally(columns.get(specification, b""), predecessors, runs)
    _check_booleans(columns.get(_INSERT, b""), operations, runs)
    _check_strings(columns.get(_KEY_STRING, b""), operations, runs)
    _check_values(columns.get(_VALUE_META, b""), operations, len(columns.get(_VALUE, b"")), runs)
    return operations


def _tally(column: bytes, limit: int, runs: _Runs) -> dict[int | None, int]:
    """How many rows of a run-length coded column hold each number (None: null), at most `limit` rows in all.

    The numbers of signed columns are read as unsigned ones: what they mean is of no interest here.
    """
    rows: dict[int | None, int] = {}
    reader, end, total, read = _Reader(column), len(column), 0, 0
    while (at := reader.at) < end:
        read += 1
        # Text in most languages is hundreds of short runs, of a length and a number of one byte each.
        if at + 1 < end and (length := _SHORT_RUNS.get(column[at], 0)) and (small := column[at + 1]) < 0x80:
            reader.at = at + 2
            value: int | None = small
        elif (length := reader.sint()) > 0:
            value = reader.uint()
        elif length == 0:
            length, value = reader.uint(), None
            if length == 0:
                raise _bad("a run in it is empty")
        else:
            total -= length
            if total > limit:
                raise _too_many()
            numbers = reader.uints(-length)
            if not isinstance(numbers, bytes):
                read -= length  # each of several bytes takes as long as a run
            for each in numbers:
                rows[each] = rows.get(each, 0) + 1
            continue
        total += length
        if total > limit:
            raise _too_many()
        rows[value] = rows.get(value, 0) + length
    runs.take(read)
    return rows


def _check_booleans(column: bytes, limit: int, runs: _Runs) -> None:
    """A column of booleans: the lengths of alternating runs."""
    reader, total, read = _Reader(column), 0, 0
    while reader.at < len(column):
        total += reader.uint()
        read += 1
        if total > limit or read > 2 * limit + 2:
            raise _too_many()
    runs.take(read)


def _check_strings(column: bytes, limit: int, runs: _Runs) -> None:
    """A column of keys: what they expand to counts, as a long one may be repeated for every operation."""
    reader, rows, expanded, read = _Reader(column), 0, 0, 0
    while reader.at < len(column):
        length = reader.sint()
        read += max(1, -length)
        rows += abs(length)
        if rows > limit:
            raise _too_many()
        if length > 0:
            expanded += length * len(reader.take(reader.uint()))
        elif length < 0:
            expanded += sum(len(reader.take(reader.uint())) for _ in range(-length))
        else:
            length = reader.uint()
            rows += length
            if length == 0:
                raise _bad("a run in it is empty")
        if expanded > MAX_CHANGE_BYTES:
            raise _too_large(expanded)
    if rows > limit:
        raise _too_many()
    runs.take(read)


def _check_values(column: bytes, limit: int, available: int, runs: _Runs) -> None:
    """Value metadata (length << 4 | type): of types that documents have, no more bytes than the values have."""
    metadata = _tally(column, limit, runs)
    if not _VALUE_TYPES.issuperset(value & 15 for value in metadata if value is not None):
        raise _bad("it holds a counter, a timestamp or a value that no document has")
    if sum(rows * (value >> 4) for value, rows in metadata.items() if value is not None) > available:
        raise _bad("its values are longer than its bytes")


class _Runs:
    """How many more runs a change may have."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, read: int) -> None:
        self.left -= read
        if self.left < 0:
            raise _bad("it is cut into far more runs than its bytes could need")


class _Reader:
    """A cursor over bytes. Running past the end is an `IndexError`."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def uint(self) -> int:
        """An unsigned LEB128 number."""
        byte = self.data[self.at]
        self.at += 1
        if byte < 0x80:
            return byte
        value, shift = byte & 0x7F, 7
        while True:
            before, byte = byte, self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if not byte and not before & 0x40:  # a signed number may need its last byte for the sign
                    raise _bad("a number in it is longer than it need be")
                return value
            shift += 7
            if shift > 63:
                raise _bad("a number in it is too long")

    def sint(self) -> int:
        """A signed LEB128 number."""
        byte = self.data[self.at]
        if byte < 0x80:
            self.at += 1
            return byte if byte < 0x40 else byte - 0x80
        start = self.at
        value = self.uint()
        bits = 7 * (self.at - start)
        return value - (1 << bits) if value >> (bits - 1) & 1 else value

    def uints(self, count: int) -> Iterable[int]:
        """`count` unsigned numbers."""
        end = self.at + count
        small = self.data[self.at : end]
        if len(small) == count and small.isascii():  # nearly always each is one byte, which is its value
            self.at = end
            return small
        return [self.uint() for _ in range(count)]

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        end = self.at + length
        if end > len(self.data):
            raise IndexError
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def count(self, most: int, what: str) -> int:
        """An unsigned number that may be at most `most`."""
        number = self.uint()
        if number > most:
            raise _bad(f"it names {number} {what}, at most {most} are taken")
        return number


def _bad(why: str) -> DocumentError:
    return DocumentError(f"A change is malformed: {why}. The app that wrote it has a defect.", code=Refusal.BAD_CHANGE)


def _too_large(size: int) -> DocumentError:
    return DocumentError(
        f"A change takes {size} bytes or more; at most {MAX_CHANGE_BYTES} are taken. Split the entry.",
        code=Refusal.TOO_LARGE,
    )


def _too_many() -> DocumentError:
    return DocumentError(
        f"A change holds more than {MAX_CHANGE_OPERATIONS} operations, or its document more than "
        f"{MAX_DOCUMENT_OPERATIONS}. Split the entry.",
        code=Refusal.TOO_MANY_OPERATIONS,
    )
