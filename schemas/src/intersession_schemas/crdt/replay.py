"""Doing again, as an edit of one's own, what a change did that builds on just what is here.

Automerge walks through the whole text, or the whole map, that a received change touches; an edit finds its place at
once. So a change that was made on the very state that is here is made once more, operation by operation, by the same
actor. Its hash then tells whether it is the same change to the byte: `crdt` looks at it, and applies the change in the
other way where it is not.

Not every change can be done again (`CannotReplay`): only small ones, which write what our documents are made of, and
whose places in texts are next to characters that are still there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from struct import Struct as Layout
from typing import Protocol

from intersession_schemas.changes import (
    DELETE,
    KEY_ACTOR,
    KEY_COUNTER,
    MAKE_MAP,
    MAKE_TEXT,
    SET,
    Change,
    Columns,
    columns_of,
)
from intersession_schemas.leb128 import ByteReader
from intersession_schemas.operations import OperationId, Operations, Scalar, numbers_of, operations_in

MOST_OPERATIONS = 500
"""A change with more is applied in the other way, which is then the quicker one."""

_ID = Layout(">II")


class CannotReplay(Exception):
    """The change is to be applied in the other way. Nothing of it may stay."""


class Replayed(Protocol):
    """The edit that a change is made with once more. Objects are called by the operation that made them."""

    def set_scalar(self, obj: OperationId | None, key: str, value: Scalar) -> None:
        """Set a scalar in a map."""

    def remove(self, obj: OperationId | None, key: str) -> None:
        """Remove a key of a map."""

    def make(self, obj: OperationId | None, key: str, of: str) -> None:
        """Make an empty "map" or "text" under a key of a map."""

    def splice(self, obj: OperationId, at: int, delete: int, insert: str) -> None:
        """Delete so many characters of a text, then insert some."""


class Characters:
    """Which operation wrote each character of one text, in order."""

    def __init__(self, ids: Iterable[OperationId] = ()) -> None:
        self._actors: dict[bytes, int] = {}
        self._ids = bytearray(b"".join(map(self._packed, ids)))

    @property
    def weight(self) -> int:
        """How many bytes of memory this takes."""
        return len(self._ids)

    def place(self, id_: OperationId) -> int:
        """Where the character is. Raises `CannotReplay` where it is not there any more."""
        packed, at = self._packed(id_), -1
        while (at := self._ids.find(packed, at + 1)) % _ID.size:
            if at < 0:
                raise CannotReplay
        return at // _ID.size

    def following(self, at: int, ids: Sequence[OperationId | None]) -> int:
        """How many of these characters, the first of which is at a place, come one right after the other."""
        count, packed = 1, self._ids[at * _ID.size : (at + len(ids)) * _ID.size]
        for id_ in ids[1:]:
            if id_ is None or packed[count * _ID.size : (count + 1) * _ID.size] != self._packed(id_):
                break
            count += 1
        return count

    def insert(self, at: int, ids: Iterable[OperationId]) -> None:
        """Characters were inserted."""
        self._ids[at * _ID.size : at * _ID.size] = b"".join(map(self._packed, ids))

    def delete(self, at: int, count: int) -> None:
        """Characters were deleted."""
        del self._ids[at * _ID.size : (at + count) * _ID.size]

    def _packed(self, id_: OperationId) -> bytes:
        return _ID.pack(self._actors.setdefault(id_[0], len(self._actors)), id_[1])


def replay(change: Change, edit: Replayed, texts: Callable[[OperationId], Characters]) -> dict[OperationId, Characters]:
    """Do what `change` did with `edit`; gives the texts that it touched, as they are then.

    `texts` gives the characters of a text that was there before, and may raise `CannotReplay`. Raises that.
    """
    if change.operations > MOST_OPERATIONS:
        raise CannotReplay
    touched: dict[OperationId, Characters] = {}
    held = columns_of(change)
    elements = _elements(held)
    for run in operations_in(held):
        places = list(islice(elements, run.count))
        if run.key is not None:
            _in_map(change.actor, run, edit, touched)
            continue
        if run.object is None:
            raise CannotReplay
        if run.object not in touched:
            touched[run.object] = texts(run.object)
        _in_text(change.actor, run, places, edit, touched[run.object])
    return touched


def _in_map(actor: bytes, run: Operations, edit: Replayed, touched: dict[OperationId, Characters]) -> None:
    """Operations under one key of a map, mostly a single one."""
    if run.count != 1 or run.insert or run.key is None:
        raise CannotReplay
    if run.action == SET:
        edit.set_scalar(run.object, run.key, run.scalar)
    elif run.action == DELETE:
        edit.remove(run.object, run.key)
    elif run.action == MAKE_MAP:
        edit.make(run.object, run.key, "map")
    elif run.action == MAKE_TEXT:
        edit.make(run.object, run.key, "text")
        touched[actor, run.number] = Characters()
    else:
        raise CannotReplay


def _in_text(actor: bytes, run: Operations, places: list[OperationId | None], edit: Replayed, text: Characters) -> None:
    """Operations on the characters of a text, those that go on from one another in one splice."""
    assert run.object is not None
    if run.insert and run.action == SET and run.are_characters:
        written, number = run.value.decode(), run.number
        begin = 0
        while begin < run.count:
            end = begin + 1
            while end < run.count and places[end] == (actor, number + end - 1):
                end += 1
            before = places[begin]
            at = 0 if before is None else text.place(before) + 1
            edit.splice(run.object, at, 0, written[begin:end])
            text.insert(at, [(actor, number + each) for each in range(begin, end)])
            begin = end
    elif not run.insert and run.action == DELETE:
        begin = 0
        while begin < run.count:
            first = places[begin]
            if first is None:
                raise CannotReplay
            at = text.place(first)
            count = text.following(at, places[begin:])
            edit.splice(run.object, at, count, "")
            text.delete(at, count)
            begin += count
    else:
        raise CannotReplay


def _elements(held: Columns) -> Iterator[OperationId | None]:
    """Of each operation the element of a sequence that it names: which it follows, or deletes. None: the beginning."""
    actors = (value for count, value in numbers_of(held.columns.get(KEY_ACTOR, b"")) for _ in range(count))
    counters = _differences(held.columns.get(KEY_COUNTER, b""))
    for _ in range(held.operations):
        actor, counter = next(actors, None), next(counters, None)
        yield None if actor is None or counter is None else (held.actors[actor], counter)


def _differences(column: bytes) -> Iterator[int | None]:
    """A column of numbers, each kept as its distance from the one before."""
    reader, number = ByteReader(column), 0
    while reader.at < len(column):
        length = reader.sint()
        if length == 0:
            yield from (None for _ in range(reader.uint()))
            continue
        step = reader.sint() if length > 0 else 0
        for _ in range(abs(length)):
            number += step if length > 0 else reader.sint()
            yield number
