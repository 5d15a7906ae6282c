"""What a change of a document says about itself, read without letting Automerge see it.

Run-length coding lets a change of a hundred bytes cost hundreds of megabytes once applied, so limits on
bytes alone protect nobody. `read_change` reads the header, inflates with a bound, checks the checksum and
counts what every column would expand to, before anything is built.

The format is Automerge's binary format, chunk types 1 (change) and 2 (deflated change), with the column
encodings of its specification. Taken are only the operations, columns and values that our documents are made
of. Three that Automerge knows are refused on purpose: counters and values of unknown types, as the binding
panics when it reads one; timestamps, as one beyond the year 9999 cannot be read; and marks, as Automerge
builds the set of all open marks at every character: 160 KB of them cost 5 GB.
"""

from __future__ import annotations

import zlib
from hashlib import sha256

from msgspec import Struct

from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.leb128 import ByteReader, bad, leb128

MAX_CHANGE_BYTES = 1024 * 1024
"""A change's size once inflated, and what its key strings may expand to."""
MAX_CHANGE_OPERATIONS = 20_000
MAX_DOCUMENT_OPERATIONS = 200_000
"""Operations of one document over its whole history; no operation counter may lie beyond it."""
MAX_DOCUMENT_BYTES = 4 * 1024 * 1024
MAX_SHARE_OPERATIONS = MAX_DOCUMENT_OPERATIONS * 3 // 4
MAX_SHARE_BYTES = MAX_DOCUMENT_BYTES * 3 // 4
"""Bytes of all changes of one document, inflated (`Change.size`): a kilobyte may inflate to a megabyte."""
MAX_DEPENDENCIES = 1_000
RUNS_FOR_NOTHING, RUNS_A_BYTE = 20_000, 4
"""How many runs the columns of a change may have in all: so many, and so many more for each byte on the wire.

Runs are read one by one, and deflated a few hundred bytes can hold hundreds of thousands. What people write has fewer
runs than bytes; one column of a text that repeats itself is what the first number is for.
"""
MAX_MESSAGE_BYTES = 1_000
MAX_ACTOR_BYTES = 64
MAX_TIME = 253_402_300_799
"""Seconds since 1970 of the last one of the year 9999, which every reader can hold."""

_MAGIC = b"\x85\x6f\x4a\x83"
_SAVED, _CHANGE, _DEFLATED = 0, 1, 2
_SMALLEST_HEADER = 10

# Columns, by specification (id << 4 | type). A delta column's rows are told apart like a number column's.
OBJECT_ACTOR, OBJECT_COUNTER = 0x01, 0x02
KEY_ACTOR, KEY_COUNTER, KEY_STRING = 0x11, 0x13, 0x15
INSERT, ACTION = 0x34, 0x42
VALUE_META, VALUE = 0x56, 0x57
PREDECESSOR_COUNT, PREDECESSOR_ACTOR, PREDECESSOR_COUNTER = 0x70, 0x71, 0x73
_KEYS = (KEY_ACTOR, KEY_COUNTER, KEY_STRING)
OPERATION_COLUMNS = (OBJECT_ACTOR, OBJECT_COUNTER, *_KEYS, INSERT, ACTION, VALUE_META, VALUE)
_COLUMNS = frozenset((*OPERATION_COLUMNS, PREDECESSOR_COUNT, PREDECESSOR_ACTOR, PREDECESSOR_COUNTER))
MAKE_MAP, SET, MAKE_LIST, DELETE, MAKE_TEXT = range(5)
ACTIONS = frozenset((MAKE_MAP, SET, MAKE_LIST, DELETE, MAKE_TEXT))
STRING = 6
VALUE_TYPES = frozenset(range(8))
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
    others: tuple[bytes, ...] = ()
    """The actors besides its own whose operations it names."""

    @property
    def last_op(self) -> int:
        """The number of its last operation; what builds on it begins beyond."""
        return self.start_op + self.operations - 1


class Columns(Struct, frozen=True):
    """What a change that `read_change` has taken holds: the columns of its operations, by specification.

    Operations name actors by their place in `actors`, the change's own first.
    """

    actors: tuple[bytes, ...]
    start_op: int
    operations: int
    columns: dict[int, bytes]


def read_change(data: bytes) -> Change:
    """Read and bound one change.

    Every number of its header and of its operations is bounded by what it can mean: an operation, its key and what it
    replaces are among those up to the change's last one. What only its document can tell (that it begins where its
    dependencies end, and follows its actor's last change) is for whoever holds the document.

    Raises `DocumentError` with code `bad_change`, `bad_checksum`, `too_large` or `too_many_operations`.
    """
    body, hash_ = _open_chunk(data)
    reader = ByteReader(body)
    try:
        deps = tuple(reader.take(32) for _ in range(reader.count(MAX_DEPENDENCIES, "dependencies")))
        actor = reader.take(reader.uint())
        seq = reader.uint()
        start_op = reader.uint()
        if not 0 <= reader.sint() <= MAX_TIME:
            raise bad("its time is out of range")
        reader.take(reader.count(MAX_MESSAGE_BYTES, "bytes of a message"))
        others = tuple(reader.take(reader.uint()) for _ in range(reader.count(MAX_CHANGE_OPERATIONS, "other actors")))
        columns = _read_columns(reader)
        if reader.at != len(body):
            raise bad("bytes follow its columns")
        operations = _count_operations(
            columns, start_op, len(others) + 1, _Runs(RUNS_FOR_NOTHING + RUNS_A_BYTE * len(data))
        )
    except IndexError:
        raise bad("it ends too early") from None
    actors = {actor, *others}
    if not all(1 <= len(one) <= MAX_ACTOR_BYTES for one in actors) or len(actors) <= len(others):
        raise bad("an actor in it is none, or named twice")
    if not 1 <= seq <= MAX_DOCUMENT_OPERATIONS or start_op < 1 or len(set(deps)) < len(deps):
        raise bad("its sequence number, first operation or dependencies are out of range")
    if len(others) >= start_op:
        raise bad("it names more actors than there are operations before it")
    return Change(hash_, deps, actor, seq, start_op, operations, data, len(body), others)


def columns_of(change: Change) -> Columns:
    """The columns of a change that `read_change` gave."""
    body, _ = _open_chunk(change.data)
    reader = ByteReader(body)
    reader.take(32 * reader.uint())  # dependencies
    reader.uint()  # its actor's length
    reader.take(len(change.actor))
    for _ in ("seq", "start_op", "time"):
        reader.uint()
    reader.take(reader.uint())  # message
    for _ in range(reader.uint()):
        reader.take(reader.uint())
    return Columns((change.actor, *change.others), change.start_op, change.operations, _read_columns(reader))


def inflated_size(data: bytes) -> int:
    """About how many bytes `data` takes once inflated: changes, a saved document, or both, joined.

    Raises `DocumentError` where it is neither.
    """
    reader, size = ByteReader(data), 0
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
        raise bad("it ends too early") from None
    return size


def _open_chunk(data: bytes) -> tuple[bytes, bytes]:
    """The inflated contents of the one chunk in `data`, and the hash that its checksum is the beginning of."""
    if len(data) > MAX_CHANGE_BYTES:
        raise _too_large(len(data))
    if len(data) < _SMALLEST_HEADER or data[:4] != _MAGIC or data[8] not in (_CHANGE, _DEFLATED):
        raise bad("it is not a change chunk")
    reader = ByteReader(data, 9)
    try:
        body = reader.take(reader.uint())
    except IndexError:
        raise bad("it ends too early") from None
    if reader.at != len(data):
        raise bad("bytes follow its end")
    if data[8] == _DEFLATED:
        body = _inflate(body)
    hash_ = sha256(bytes([_CHANGE]) + leb128(len(body)) + body).digest()
    if hash_[:4] != data[4:8]:
        raise DocumentError("A change's checksum does not match its bytes.", code=RefusalCode.BAD_CHECKSUM)
    return body, hash_


def _inflate(data: bytes) -> bytes:
    inflater = zlib.decompressobj(-15)
    try:
        body = inflater.decompress(data, MAX_CHANGE_BYTES + 1)
    except zlib.error:
        raise bad("it does not inflate") from None
    if len(body) > MAX_CHANGE_BYTES:
        raise _too_large(len(body))
    if not inflater.eof or inflater.unused_data:
        raise bad("its deflated part does not end where it should")
    return body


def _read_columns(reader: ByteReader) -> dict[int, bytes]:
    """The columns' bytes by specification."""
    named = [(reader.uint(), reader.uint()) for _ in range(reader.count(len(_COLUMNS), "columns"))]
    columns = {}
    for specification, length in named:
        if specification not in _COLUMNS or specification in columns:
            raise bad("a column is doubled, deflated or not one of an operation without marks")
        columns[specification] = reader.take(length)
    return columns


def _count_operations(columns: dict[int, bytes], start_op: int, actors: int, runs: _Runs) -> int:
    """Operations of the change; no column may expand to more rows than there are operations (or predecessors)."""
    rows = _tally(columns.get(ACTION, b""), MAX_CHANGE_OPERATIONS, runs)
    if not ACTIONS.issuperset(rows):
        raise bad("it holds a counter, a mark or an operation that no document has")
    operations = sum(rows.values())
    last = start_op + operations - 1
    if operations > MAX_CHANGE_OPERATIONS or last > MAX_DOCUMENT_OPERATIONS:
        raise _too_many()
    counts = _tally(columns.get(PREDECESSOR_COUNT, b""), operations, runs)
    predecessors = sum(times * (count or 0) for count, times in counts.items())
    if predecessors > MAX_CHANGE_OPERATIONS:
        raise _too_many()
    for specification, limit in (
        (OBJECT_ACTOR, operations),
        (KEY_ACTOR, operations),
        (PREDECESSOR_ACTOR, predecessors),
    ):
        if any(actor is not None and actor >= actors for actor in _tally(columns.get(specification, b""), limit, runs)):
            raise bad("an operation is of an actor that it does not name")
    objects = _tally(columns.get(OBJECT_COUNTER, b""), operations, runs)
    if any(number is not None and not 1 <= number <= last for number in objects):
        raise bad("it names an operation that comes after it")
    _check_counters(columns.get(KEY_COUNTER, b""), operations, 0, last, runs)
    _check_counters(columns.get(PREDECESSOR_COUNTER, b""), predecessors, 1, last, runs)
    _check_booleans(columns.get(INSERT, b""), operations, runs)
    _check_strings(columns.get(KEY_STRING, b""), operations, runs)
    _check_values(columns.get(VALUE_META, b""), operations, len(columns.get(VALUE, b"")), runs)
    return operations


def tally(column: bytes, limit: int) -> dict[int | None, int]:
    """How many rows of a run-length coded column hold each number (None: null); raises for more than `limit`."""
    return _tally(column, limit, _Runs(RUNS_FOR_NOTHING + RUNS_A_BYTE * len(column)))


def _tally(column: bytes, limit: int, runs: _Runs) -> dict[int | None, int]:
    """How many rows of a run-length coded column hold each number (None: null), at most `limit` rows in all.

    The numbers of signed columns are read as unsigned ones: what they mean is of no interest here.
    """
    rows: dict[int | None, int] = {}
    reader, end, total, read = ByteReader(column), len(column), 0, 0
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
                raise bad("a run in it is empty")
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


def _check_counters(column: bytes, limit: int, lowest: int, highest: int, runs: _Runs) -> None:
    """A column of operation numbers, each kept as its distance from the one before."""
    reader, end, rows, number, read = ByteReader(column), len(column), 0, 0, 0
    while reader.at < end:
        length = reader.sint()
        read += max(1, -length)
        if length == 0:
            length = reader.uint()
            if length == 0:
                raise bad("a run in it is empty")
            rows += length
        elif length > 0:
            # What lies between the first and the last of a run lies between these two.
            step = reader.sint()
            first, number = number + step, number + step * length
            if not (lowest <= first <= highest and lowest <= number <= highest):
                raise bad("it names an operation that comes after it")
            rows += length
        else:
            rows -= length
            if rows > limit:
                raise _too_many()
            for _ in range(-length):
                number += reader.sint()
                if not lowest <= number <= highest:
                    raise bad("it names an operation that comes after it")
        if rows > limit:
            raise _too_many()
    runs.take(read)


def _check_booleans(column: bytes, limit: int, runs: _Runs) -> None:
    """A column of booleans: the lengths of alternating runs."""
    reader, total, read = ByteReader(column), 0, 0
    while reader.at < len(column):
        total += reader.uint()
        read += 1
        if total > limit or read > 2 * limit + 2:
            raise _too_many()
    runs.take(read)


def _check_strings(column: bytes, limit: int, runs: _Runs) -> None:
    """A column of keys: what they expand to counts, as a long one may be repeated for every operation."""
    reader, rows, expanded, read = ByteReader(column), 0, 0, 0
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
                raise bad("a run in it is empty")
        if expanded > MAX_CHANGE_BYTES:
            raise _too_large(expanded)
    if rows > limit:
        raise _too_many()
    runs.take(read)


def _check_values(column: bytes, limit: int, available: int, runs: _Runs) -> None:
    """Value metadata (length << 4 | type): of types that documents have, no more bytes than the values have."""
    metadata = _tally(column, limit, runs)
    if not VALUE_TYPES.issuperset(value & 15 for value in metadata if value is not None):
        raise bad("it holds a counter, a timestamp or a value that no document has")
    if sum(rows * (value >> 4) for value, rows in metadata.items() if value is not None) > available:
        raise bad("its values are longer than its bytes")


class _Runs:
    """How many more runs a change may have."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, read: int) -> None:
        self.left -= read
        if self.left < 0:
            raise bad("it is cut into far more runs than its bytes could need")


def _too_large(size: int) -> DocumentError:
    return DocumentError(
        f"A change has {size} bytes or more; the limit is {MAX_CHANGE_BYTES}. Split the entry.",
        code=RefusalCode.TOO_LARGE,
    )


def _too_many() -> DocumentError:
    return DocumentError(
        f"A change has more than {MAX_CHANGE_OPERATIONS} operations, or its document more than "
        f"{MAX_DOCUMENT_OPERATIONS}. Split the entry.",
        code=RefusalCode.TOO_MANY_OPERATIONS,
    )
