"""Symptom logs as they were read, in parts of about a month: a series that is asked for again reads what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache
from msgspec import Struct

from intersession.documents.kept.touched import CHANGE, DOCUMENT, LOG, TouchedRows
from intersession.models.symptoms import Point, SymptomLog
from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.documents.names import name_key

if TYPE_CHECKING:
    from intersession.store.store import Row, Store

Scales = Mapping[str, tuple[Number, Number]]
LogKey = tuple[bytes, bytes]
"""A scope, and the id of a log in it."""
Make = Callable[[tuple[Any, ...]], SymptomLog]
"""Makes a log of the columns after the first four."""

MOST_LOGS = 50_000
"""Of all scopes together."""
MOST_TOUCHED = 500
"""From more rows on that were written meanwhile, all is read again."""
_PART = 41
"""A part is 2 to the power of so many microseconds: 25 days."""


class _Kept(Struct, frozen=True):
    about: int
    change: int | None
    log: SymptomLog


class Part(Struct):
    """Some of the logs, in a row; what is made of them is made when it is asked for."""

    logs: dict[LogKey, _Kept]
    newest_first: list[SymptomLog] | None = None
    scales: Scales | None = None
    spelled: dict[str, str] = {}
    points: dict[str, list[Point]] = {}

    def read(self) -> list[SymptomLog]:
        """The logs, newest first."""
        if self.newest_first is None:
            ordered = sorted(self.logs.items(), key=lambda one: (one[1].about, one[0][1]), reverse=True)
            self.newest_first = [one.log for _, one in ordered]
            self.scales = None
        return self.newest_first

    def by_symptom(self, scales: Scales) -> tuple[dict[str, str], dict[str, list[Point]]]:
        """As the function of that name, of these logs."""
        logs = self.read()
        if self.scales != scales:
            self.spelled, self.points = by_symptom(logs, scales)
            self.scales = scales
        return self.spelled, self.points


def by_symptom(logs: Iterable[SymptomLog], scales: Scales) -> tuple[dict[str, str], dict[str, list[Point]]]:
    """How each symptom of these logs, which are newest first, was spelled first, and its values.

    A log without a scale is on that of its tracker in the plan (`scales`).
    """
    spelled: dict[str, str] = {}
    points: dict[str, list[Point]] = {}
    for log in logs:
        for name, value in log.values.items():
            key = name_key(name)
            spelled[key] = name
            points.setdefault(key, []).append(Point(log.at, value, log.late, log.scale or scales.get(key)))
    return spelled, points


class _Scope(Struct):
    parts: dict[int, Part]
    size: int
    of_log: dict[LogKey, int]
    of_change: dict[int, list[LogKey]]


class KeptLogs:
    """The logs of one store. Not thread-safe: every call must hold the replica's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._scopes: LRUCache[bytes | None, _Scope] = LRUCache(MOST_LOGS, lambda one: min(MOST_LOGS, 1 + one.size))
        self._logs: set[LogKey] = set()
        self._changes: set[int] = set()
        store.kept(TouchedRows).listen(self._note)

    def _note(self, what: int, first: Any, second: Any) -> None:
        if not self._scopes or what == DOCUMENT:
            return
        if what == CHANGE:
            self._changes.add(second)
        elif what == LOG:
            self._logs.add((first, second))
        if what not in (CHANGE, LOG) or len(self._logs) + len(self._changes) > MOST_TOUCHED:
            self._forget()

    def _forget(self) -> None:
        self._scopes.clear()
        self._logs.clear()
        self._changes.clear()

    def newest_first(self, scope: bytes | None, all_rows: str, one_row: str, make: Make) -> Sequence[tuple[int, Part]]:
        """The parts of a scope (None: of all), the newest first, each with the moment that it begins at.

        `all_rows` asks for those of a scope or all (given twice), `one_row` for a log's, by scope and id. Both give,
        first: scope, id, moment, change.
        """
        self._bring_up_to_date(one_row, make)
        held = self._scopes.get(scope)
        if held is None:
            held = _Scope({}, 0, {}, {})
            for row in self._store.all(all_rows, scope, scope):
                _put(held, row, make)
            self._scopes[scope] = held
        return [(number << _PART, held.parts[number]) for number in sorted(held.parts, reverse=True)]

    def _bring_up_to_date(self, one_row: str, make: Make) -> None:
        changes, self._changes = self._changes, set()
        keys, self._logs = self._logs, set()
        for held in list(self._scopes.values()):
            for change in changes:
                keys.update(held.of_change.get(change, ()))
        for key in keys:
            row = self._store.one(one_row, *key)
            for scope, held in list(self._scopes.items()):
                if scope in (None, key[0]):
                    _take(held, key)
                    if row is not None:
                        _put(held, row, make)


def _put(held: _Scope, row: Row, make: Make) -> None:
    scope, log, about, change = row[:4]
    key, number = (scope, log), about >> _PART
    part = held.parts.setdefault(number, Part({}))
    part.logs[key] = _Kept(about, change, make(row[4:]))
    part.newest_first = None
    held.of_log[key] = number
    held.size += 1
    if change is not None:
        held.of_change.setdefault(change, []).append(key)


def _take(held: _Scope, key: LogKey) -> None:
    number = held.of_log.pop(key, None)
    if number is None:
        return
    part = held.parts[number]
    was = part.logs.pop(key)
    part.newest_first = None
    held.size -= 1
    if not part.logs:
        del held.parts[number]
    if was.change is not None:
        held.of_change[was.change].remove(key)
        if not held.of_change[was.change]:
            del held.of_change[was.change]
