"""The operations of a change, in runs of those that do alike: for whoever has to know what a change touches.

Typing makes thousands of operations in one place, which the format keeps as a few runs; they are never taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct as Layout
from typing import Generic, TypeVar

from msgspec import Struct

from intersession_schemas.changes import (
    ACTION,
    INSERT,
    KEY_STRING,
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    STRING,
    VALUE,
    VALUE_META,
    Change,
    Columns,
    columns_of,
)
from intersession_schemas.leb128 import ByteReader

_DOUBLE = Layout("<d")

Scalar = str | int | float | bool | bytes | None

OperationId = tuple[bytes, int]
"""The actor, and the number of the operation. An object is called by the operation that made it."""


class Operations(Struct, frozen=True):
    """`count` operations from `number` on, in one object (None: the root) under one key (None: a place in a sequence).

    `value` holds the bytes of their values one after the other, `types` the lengths and types of each.
    """

    number: int
    count: int
    object: OperationId | None
    key: str | None
    insert: bool
    action: int
    types: tuple[int, ...]
    value: bytes

    @property
    def text(self) -> str | None:
        """The text that the first of them sets; None where it sets something else. Raises `UnicodeDecodeError`."""
        if not self.types or self.types[0] & 15 != STRING:
            return None
        return self.value[: self.types[0] >> 4].decode()

    @property
    def scalar(self) -> Scalar:
        """The value that the only one of them sets. Raises `ValueError` for one that an edit of ours never writes."""
        (type_,) = self.types
        match type_ & 15:
            case 0:
                return None
            case 1 | 2 as truth:
                return truth == 2
            case 4:
                return ByteReader(self.value).sint()
            case 5:
                (number,) = _DOUBLE.unpack(self.value)
                return float(number)
            case 6:
                return self.value.decode()
            case 7:
                return self.value
            case _:
                raise ValueError

    @property
    def are_characters(self) -> bool:
        """Whether each sets a text of one character."""
        if self.types.count(1 << 4 | STRING) == len(self.types):  # the whole of a text in English is one comparison
            return self.value.isascii()
        at = 0
        for one in self.types:
            length = one >> 4
            try:
                if one & 15 != STRING or len(self.value[at : at + length].decode()) != 1:
                    return False
            except UnicodeDecodeError:
                return False
            at += length
        return True


def operations_of(change: Change) -> Iterator[Operations]:
    """The operations of a change that `read_change` gave, in order.

    Raises `DocumentError` for a change that it would not have given, `UnicodeDecodeError` for a key that is no text.
    """
    return operations_in(columns_of(change))


def operations_in(held: Columns) -> Iterator[Operations]:
    """`operations_of` a change whose columns are at hand."""
    columns = held.columns
    kinds = Runs(numbers_of(columns.get(ACTION, b"")))
    actors = Runs(numbers_of(columns.get(OBJECT_ACTOR, b"")))
    counters = Runs(numbers_of(columns.get(OBJECT_COUNTER, b"")))
    keys = Runs(_strings(columns.get(KEY_STRING, b"")))
    inserts = Runs(_booleans(columns.get(INSERT, b"")))
    metadata = Runs(numbers_of(columns.get(VALUE_META, b"")))
    values = ByteReader(columns.get(VALUE, b""))
    number, last = held.start_op, held.start_op + held.operations
    while number < last:
        count = min(kinds.left, actors.left, counters.left, keys.left, inserts.left, last - number)
        actor, counter, key = actors.value, counters.value, keys.value
        types = _next_of(metadata, count)
        yield Operations(
            number,
            count,
            None if actor is None or counter is None else (held.actors[actor], counter),
            key.decode() if key is not None else None,
            bool(inserts.value),
            kinds.value or 0,
            types,
            values.take(sum(one >> 4 for one in types)),
        )
        kinds.skip(count)
        actors.skip(count)
        counters.skip(count)
        keys.skip(count)
        inserts.skip(count)
        number += count


_T = TypeVar("_T")
_FOR_EVER = 1 << 62


class Runs(Generic[_T]):
    """The runs of one column, gone through. After its end every row is null."""

    def __init__(self, runs: Iterator[tuple[int, _T | None]]) -> None:
        self._runs = runs
        self.left = 0
        self.value: _T | None = None
        self.skip(0)

    def skip(self, count: int) -> None:
        self.left -= count
        while self.left == 0:
            self.left, self.value = next(self._runs, (_FOR_EVER, None))


def _next_of(runs: Runs[int], count: int) -> tuple[int, ...]:
    """The next `count` numbers, null as 0."""
    found: list[int] = []
    while count:
        some = min(count, runs.left)
        found += [runs.value or 0] * some
        count -= some
        runs.skip(some)
    return tuple(found)


def numbers_of(column: bytes) -> Iterator[tuple[int, int | None]]:
    """The runs of a column of numbers: how many, of which (None: null)."""
    reader = ByteReader(column)
    while reader.at < len(column):
        length = reader.sint()
        if length > 0:
            yield length, reader.uint()
        elif length == 0:
            yield reader.uint(), None
        else:
            for value in reader.uints(-length):
                yield 1, value


def _strings(column: bytes) -> Iterator[tuple[int, bytes | None]]:
    reader = ByteReader(column)
    while reader.at < len(column):
        length = reader.sint()
        if length > 0:
            yield length, reader.take(reader.uint())
        elif length == 0:
            yield reader.uint(), None
        else:
            for _ in range(-length):
                yield 1, reader.take(reader.uint())


def _booleans(column: bytes) -> Iterator[tuple[int, bool]]:
    reader, value = ByteReader(column), False
    while reader.at < len(column):
        yield reader.uint(), value
        value = not value
