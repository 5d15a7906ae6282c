"""A change taken apart into its header, columns and operations, and put together again with the right checksum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec import Struct
from tests.schemas import forging
from tests.schemas.forging import Op, signed, text, unsigned

from intersession_schemas.leb128 import ByteReader

_T = TypeVar("_T")


class Parts(Struct):
    """A change in parts. `rows` are its operations, where they could be told."""

    deps: list[bytes]
    actor: bytes
    seq: int
    start_op: int
    time: int
    message: bytes
    others: list[bytes]
    columns: list[tuple[int, bytes]]
    extra: bytes = b""

    def copy(self) -> Parts:
        """Another one, to be changed."""
        return Parts(
            list(self.deps),
            self.actor,
            self.seq,
            self.start_op,
            self.time,
            self.message,
            list(self.others),
            list(self.columns),
        )

    def body(self) -> bytes:
        """What is in the chunk."""
        head = [unsigned(len(self.deps)), *self.deps, text(self.actor), unsigned(self.seq), unsigned(self.start_op)]
        head += [signed(self.time), text(self.message), unsigned(len(self.others)), *map(text, self.others)]
        head += [unsigned(len(self.columns))]
        head += [unsigned(specification) + unsigned(len(data)) for specification, data in self.columns]
        return b"".join([*head, *(data for _, data in self.columns), self.extra])


def parts_of(data: bytes) -> Parts:
    """The parts of an honest change."""
    reader = ByteReader(forging.body_of(data))
    deps = [reader.take(32) for _ in range(reader.uint())]
    actor, seq, start_op, time = reader.take(reader.uint()), reader.uint(), reader.uint(), reader.sint()
    message = reader.take(reader.uint())
    others = [reader.take(reader.uint()) for _ in range(reader.uint())]
    named = [(reader.uint(), reader.uint()) for _ in range(reader.uint())]
    return Parts(deps, actor, seq, start_op, time, message, others, [(one, reader.take(size)) for one, size in named])


def rows_of(parts: Parts) -> list[Op]:
    """The operations of an honest change, so that `forging.operations` writes its columns again."""
    columns = dict(parts.columns)
    actions = _runs(columns, forging.ACTION, ByteReader.uint)
    count = len(actions)

    def numbers(specification: int) -> list[int | None]:
        found = _runs(columns, specification, ByteReader.uint)
        return found + [None] * (count - len(found))

    def pairs(actors: Sequence[int | None], counters: Sequence[int | None]) -> list[tuple[int, int] | None]:
        return [None if actor is None else (actor, at or 0) for actor, at in zip(actors, counters, strict=True)]

    objects = pairs(numbers(forging.OBJECT_ACTOR), numbers(forging.OBJECT_COUNTER))
    steps = _runs(columns, forging.KEY_COUNTER, ByteReader.sint)
    elements = pairs(numbers(forging.KEY_ACTOR), _added_up(steps + [None] * (count - len(steps))))
    keys = _runs(columns, forging.KEY_STRING, lambda reader: reader.take(reader.uint()))
    keys += [None] * (count - len(keys))
    inserts = _booleans(columns.get(forging.INSERT, b""))
    inserts += [False] * (count - len(inserts))
    metadata, values = numbers(forging.VALUE_META), ByteReader(columns.get(forging.VALUE, b""))
    preds = numbers(forging.PREDECESSOR_COUNT)
    of = zip(
        _runs(columns, forging.PREDECESSOR_ACTOR, ByteReader.uint),
        _added_up(_runs(columns, forging.PREDECESSOR_COUNTER, ByteReader.sint)),
        strict=True,
    )
    return [
        Op(
            keys[at] if keys[at] is not None else elements[at],
            actions[at] or 0,
            objects[at],
            inserts[at],
            (metadata[at] or 0) & 15,
            values.take((metadata[at] or 0) >> 4),
            tuple((actor or 0, counter or 0) for actor, counter in (next(of) for _ in range(preds[at] or 0))),
        )
        for at in range(count)
    ]


def _runs(columns: dict[int, bytes], specification: int, value: Callable[[ByteReader], _T]) -> list[_T | None]:
    reader = ByteReader(columns.get(specification, b""))
    found: list[_T | None] = []
    while reader.at < len(reader.data):
        length = reader.sint()
        if length > 0:
            found += [value(reader)] * length
        elif length == 0:
            found += [None] * reader.uint()
        else:
            found += [value(reader) for _ in range(-length)]
    return found


def _added_up(steps: Sequence[int | None]) -> list[int | None]:
    found: list[int | None] = []
    number = 0
    for step in steps:
        number += step or 0
        found.append(None if step is None else number)
    return found


def _booleans(column: bytes) -> list[bool]:
    reader, value, found = ByteReader(column), False, list[bool]()
    while reader.at < len(column):
        found += [value] * reader.uint()
        value = not value
    return found
