"""What a saved document would expand to, read without letting Automerge see it.

As with single changes (`changes`), run-length coding and deflate let a few bytes cost any amount of memory once
loaded. A saved document that comes from elsewhere comes with the number of its changes and operations, and may hold no
more than these need.

The format is Automerge's binary format, chunk type 0 (document), with the column encodings of its specification.
"""

from __future__ import annotations

import zlib
from hashlib import sha256

from intersession_schemas.changes import (
    ACTION,
    ACTIONS,
    MAX_CHANGE_OPERATIONS,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_OPERATIONS,
    OPERATION_COLUMNS,
    VALUE_META,
    VALUE_TYPES,
    tally,
)
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.leb128 import ByteReader

_MAGIC = b"\x85\x6f\x4a\x83"
_SAVED = 0
_HASH_BYTES = 32
_MOST_COLUMNS = 32
_MOST_INFLATED = 2 * MAX_DOCUMENT_BYTES
"""Of all columns: ids and keys of what was typed take more room than the text."""
_DEFLATED = 0x08

_ID_ACTOR, _ID_COUNTER = 0x21, 0x23
_SUCCESSOR_COUNT, _SUCCESSOR_ACTOR, _SUCCESSOR_COUNTER = 0x80, 0x81, 0x83
_OF_OPERATIONS = frozenset(
    (*OPERATION_COLUMNS, _ID_ACTOR, _ID_COUNTER, _SUCCESSOR_COUNT, _SUCCESSOR_ACTOR, _SUCCESSOR_COUNTER)
)

# The kinds of columns: the last three bits of a specification.
_DELTA, _BOOLEANS, _STRINGS, _VALUES = 3, 4, 5, 7
# Groups: as many rows as the counts before them say.
_DEPENDENCIES, _SUCCESSORS = 4, 8


def check_saved(data: bytes, changes: int, operations: int) -> None:
    """Raise `DocumentError` unless this is a saved document of at most so many changes and operations."""
    reader = ByteReader(data)
    try:
        if reader.take(4) != _MAGIC:
            raise _malformed()
        checksum = reader.take(4)
        if reader.take(1) != bytes([_SAVED]):
            raise _malformed()
        body = reader.take(reader.uint())
        if reader.at != len(data) or sha256(data[8:]).digest()[:4] != checksum:
            raise _malformed()
        _check_body(ByteReader(body), min(changes, MAX_DOCUMENT_OPERATIONS), min(operations, MAX_DOCUMENT_OPERATIONS))
    except (IndexError, zlib.error):
        raise _malformed() from None


def _check_body(body: ByteReader, changes: int, operations: int) -> None:
    for _ in range(body.count(changes, "actors")):
        body.take(body.uint())
    body.take(_HASH_BYTES * body.count(changes, "heads"))
    of_changes, of_operations = _columns(body), _columns(body)
    room = _MOST_INFLATED
    for columns, rows, group, members in (
        (of_changes, changes, _DEPENDENCIES, MAX_DOCUMENT_OPERATIONS),
        (of_operations, operations, _SUCCESSORS, operations + MAX_CHANGE_OPERATIONS),
    ):
        for specification, length in columns:
            column = _inflated(body.take(length), room) if specification & _DEFLATED else body.take(length)
            if columns is of_operations:
                _check_values(specification & ~_DEFLATED, column, operations)
            room -= len(column)
            room -= _expands(column, specification & 7, members if _is_member(specification, group) else rows)
            if room < 0:
                raise _too_large()


def _check_values(specification: int, column: bytes, operations: int) -> None:
    """Raise for operations and values that no document has: what would panic when it is read, marks above all."""
    if specification not in _OF_OPERATIONS:
        raise _malformed()
    if specification == ACTION and not ACTIONS.issuperset(tally(column, operations)):
        raise _malformed()
    if specification == VALUE_META and not VALUE_TYPES.issuperset(
        value & 15 for value in tally(column, operations) if value is not None
    ):
        raise _malformed()


def _is_member(specification: int, group: int) -> bool:
    """Whether a column holds the members of that group; its counts are a row each, as everything else is."""
    return specification >> 4 == group and specification & 7 != 0


def _columns(body: ByteReader) -> list[tuple[int, int]]:
    return [(body.uint(), body.uint()) for _ in range(body.count(_MOST_COLUMNS, "columns"))]


def _inflated(data: bytes, room: int) -> bytes:
    inflater = zlib.decompressobj(-15)
    column = inflater.decompress(data, room + 1)
    if len(column) > room:
        raise _too_large()
    if not inflater.eof or inflater.unused_data:
        raise _malformed()
    return column


def _expands(column: bytes, type_: int, most: int) -> int:
    """How many bytes its texts are repeated to. Raises where it expands to more than `most` rows."""
    if type_ == _VALUES:
        return 0
    reader, end, rows, repeated = ByteReader(column), len(column), 0, 0
    while reader.at < end:
        if type_ == _BOOLEANS:
            rows += reader.uint()
        else:
            length = reader.sint()
            if length == 0:
                rows += reader.uint()
            elif length > 0:
                rows += length
                repeated += length * _skip(reader, type_)
            else:
                rows -= length
                if rows > most:
                    break
                if type_ in (_DELTA, _STRINGS):
                    for _ in range(-length):
                        _skip(reader, type_)
                else:
                    reader.uints(-length)
        if rows > most:
            break
    if rows > most:
        raise DocumentError(
            "A saved document expands to more than its changes have.", code=RefusalCode.TOO_MANY_OPERATIONS
        )
    return repeated


def _skip(reader: ByteReader, type_: int) -> int:
    """Pass over one value; how many bytes of text it is."""
    if type_ == _STRINGS:
        return len(reader.take(reader.uint()))
    if type_ == _DELTA:
        reader.sint()
    else:
        reader.uint()
    return 0


def _malformed() -> DocumentError:
    return DocumentError("This is not a saved document.", code=RefusalCode.BAD_CHANGE)


def _too_large() -> DocumentError:
    return DocumentError("A saved document expands to more than a document may hold.", code=RefusalCode.TOO_LARGE)
