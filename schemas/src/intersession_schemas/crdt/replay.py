"""Doing again, as an edit of one's own, what a change did that builds on just what is here.

Automerge walks through the whole text, or the whole map, that a received change touches; an edit finds its place at
once. So a change that was made on the very state that is here is made once more, operation by operation, by the same
actor. Its hash then tells whether it is the same change to the byte: `crdt` looks at it, and applies the change in the
other way where it is not.

Not every change can be done again (`CannotReplay`): only small ones, which write what our documents are made of, and
whose places in texts are next to characters that are still there.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from intersession_schemas.operations import OperationId, Operations, Runs, Scalar, numbers_of, operations_in

MOST_OPERATIONS = 500
"""A change with more is applied in the other way, which is then the quicker one."""

Place = tuple[OperationId | None, int]
"""So many elements of a sequence, from that one on, numbered one after the other; None: the beginning, so often."""

_ID = Layout(">II")
_IS_LITTLE = array("I", [1]).tobytes()[0] == 1
"""Whether numbers in memory begin with their lowest byte."""


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

    def insert(self, at: int, first: OperationId, count: int) -> None:
        """Characters were inserted, by so many operations that follow one another."""
        actor, number = self._actors.setdefault(first[0], len(self._actors)), first[1]
        if count == 1:
            self._ids[at * _ID.size : at * _ID.size] = _ID.pack(actor, number)
            return
        packed = array("I", bytes(_ID.size * count))
        packed[0::2] = array("I", [actor]) * count
        packed[1::2] = array("I", range(number, number + count))
        if _IS_LITTLE:
            packed.byteswap()
        self._ids[at * _ID.size : at * _ID.size] = packed.tobytes()

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
    return _followed(change, edit, texts)


def _followed(
    change: Change, edit: Replayed, texts: Callable[[OperationId], Characters]
) -> dict[OperationId, Characters]:
    touched: dict[OperationId, Characters] = {}
    held = columns_of(change)
    elements = _Places(held)
    for run in operations_in(held):
        places = elements.take(run.count)
        if run.key is not None:
            _in_map(change.actor, run, edit, touched)
            continue
        if run.object is None:
            raise CannotReplay
        if run.object not in touched:
            touched[run.object] = texts(run.object)
        _in_text(change.actor, run, places, edit, touched[run.object])
    return touched


class _Unwritten:
    """An edit of nothing: what changes did to texts is followed without the document."""

    def set_scalar(self, obj: OperationId | None, key: str, value: Scalar) -> None:
        pass

    def remove(self, obj: OperationId | None, key: str) -> None:
        pass

    def make(self, obj: OperationId | None, key: str, of: str) -> None:
        pass

    def splice(self, obj: OperationId, at: int, delete: int, insert: str) -> None:
        pass


def characters_of(changes: Iterable[Change]) -> dict[OperationId, Characters]:
    """The characters of each text of a document, from all its changes, each of which builds on the one before.

    Raises `CannotReplay` where they do something else than our own documents need.
    """
    texts: dict[OperationId, Characters] = {}

    def known(text: OperationId) -> Characters:
        if text not in texts:
            raise CannotReplay
        return texts[text]

    for change in changes:
        texts |= _followed(change, _Unwritten(), known)
    return texts


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


def _in_text(actor: bytes, run: Operations, places: list[Place], edit: Replayed, text: Characters) -> None:
    """Operations on the characters of a text, those that go on from one another in one splice."""
    assert run.object is not None
    if run.insert and run.action == SET and run.are_characters:
        written = run.value.decode()
        for begin, end, before in _pieces((actor, run.number), places):
            at = 0 if before is None else text.place(before) + 1
            edit.splice(run.object, at, 0, written[begin:end])
            text.insert(at, (actor, run.number + begin), end - begin)
    elif not run.insert and run.action == DELETE:
        elements = [place for first, count in places for place in _each(first, count)]
        begin = 0
        while begin < run.count:
            place = elements[begin]
            if place is None:
                raise CannotReplay
            at = text.place(place)
            count = text.following(at, elements[begin:])
            edit.splice(run.object, at, count, "")
            text.delete(at, count)
            begin += count
    else:
        raise CannotReplay


def _pieces(first: OperationId, places: list[Place]) -> list[tuple[int, int, OperationId | None]]:
    """What operations from `first` on insert in one piece: from which of them up to which, and what that follows."""
    pieces: list[tuple[int, int, OperationId | None]] = []
    actor, number = first
    done = 0
    for place, count in places:
        if place == (actor, number + done - 1):
            if done:
                begin, end, before = pieces[-1]
                pieces[-1] = begin, end + count, before
            else:
                pieces.append((0, count, place))
        else:
            pieces += [(done + each, done + each + 1, one) for each, one in enumerate(_each(place, count))]
        done += count
    return pieces


def _each(place: OperationId | None, count: int) -> list[OperationId | None]:
    if place is None:
        return [None] * count
    return [(place[0], place[1] + each) for each in range(count)]


class _Places:
    """Of each operation the element of a sequence that it names: which it follows, or deletes. None: the beginning."""

    def __init__(self, held: Columns) -> None:
        self._names = held.actors
        self._actors = Runs(numbers_of(held.columns.get(KEY_ACTOR, b"")))
        self._steps = Runs(_steps(held.columns.get(KEY_COUNTER, b"")))
        self._number = 0

    def take(self, count: int) -> list[Place]:
        """The elements that the next operations name."""
        places: list[Place] = []
        while count:
            some = min(count, self._actors.left, self._steps.left)
            actor, step = self._actors.value, self._steps.value
            if actor is None or step is None:
                self._number += some * (step or 0)
                places.append((None, some))
            elif step == 1:
                places.append(((self._names[actor], self._number + 1), some))
                self._number += some
            else:
                for _ in range(some):
                    self._number += step
                    places.append(((self._names[actor], self._number), 1))
            self._actors.skip(some)
            self._steps.skip(some)
            count -= some
        return places


def _steps(column: bytes) -> Iterator[tuple[int, int | None]]:
    """The runs of a column of numbers, each kept as its distance from the one before: how often, which distance."""
    reader = ByteReader(column)
    while reader.at < len(column):
        length = reader.sint()
        if length > 0:
            yield length, reader.sint()
        elif length == 0:
            yield reader.uint(), None
        else:
            for _ in range(-length):
                yield 1, reader.sint()
