"""A client who puts a fifth of what they write down wrong, and corrects it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from intersession import Assessment, Draft, Entry, HomeworkProgress, SymptomLog, Tracker

EVERY = 5
RUNS = [(0, None), (4, None), *((4 * (first % 2), first) for first in range(EVERY))]
"""At which hour the day begins, and from which record on every fifth one is wrong (None: none): each is once."""


class Writer:
    """Writes records on a client's devices; of all of them every fifth is wrong until `correct` is called."""

    def __init__(self, clock: Callable[[], datetime], wrong_from: int | None) -> None:
        self._clock, self._wrong_from = clock, wrong_from
        self._written = 0
        self._later: list[Callable[[], object]] = []
        self.corrected: list[UUID] = []
        """The records that were wrong, in their order."""

    def correct(self) -> None:
        """Put right what was wrong so far."""
        for put_right in self._later:
            put_right()
        self._later.clear()

    def journal(self, device: Tracker, text: str = "", **fields: Any) -> Entry:
        """An entry; a wrong one has other words, another mood and another day."""
        if not self._is_wrong():
            return device.journal.write(text, **fields)
        at, right = self._clock(), {"text": text, **fields}
        wrong = {name: _other(value) for name, value in right.items() if value}
        entry = device.journal.write(**wrong, at=at - timedelta(days=1))
        self._correct(entry.id, lambda: device.journal.edit(entry.id, **right, at=at))
        return entry

    def symptoms(self, device: Tracker, values: Mapping[str, int], **fields: Any) -> SymptomLog:
        """A log; a wrong one has other values and another day."""
        if not self._is_wrong():
            return device.symptoms.log(values, **fields)
        at = self._clock()
        log = device.symptoms.log(_other(values), at=at - timedelta(days=1), **fields)
        self._correct(log.id, lambda: device.symptoms.correct(log.id, values=values, at=at))
        return log

    def homework(self, device: Tracker, id: UUID, which: date, status: str, **fields: Any) -> HomeworkProgress:
        """What became of homework; a wrong one says something else."""
        if not self._is_wrong():
            return device.homework.record(id, which, status, **fields)  # type: ignore[arg-type]
        right = {"status": status, **fields}
        said = device.homework.record(id, which, **{name: _other(value) for name, value in right.items()})
        self._correct(said.id, lambda: device.homework.record(id, said, **right))
        return said

    def complete(self, device: Tracker, draft: Draft, right: Mapping[str, int]) -> Assessment:
        """An assessment, answered already; in a wrong one the first answer is another, until it is amended."""
        if not self._is_wrong():
            return draft.complete()
        item, value = next(iter(right.items()))
        draft.answer(item, _other(value))
        done = draft.complete()

        def amend() -> None:
            again = device.assessments.amend(done.id)
            again.answer(item, value)
            again.complete()

        self._correct(done.id, amend)
        return done

    def _is_wrong(self) -> bool:
        number, self._written = self._written, self._written + 1
        return self._wrong_from is not None and number % EVERY == self._wrong_from

    def _correct(self, id: UUID, put_right: Callable[[], object]) -> None:
        self.corrected.append(id)
        self._later.append(put_right)


_WORDS = {
    "done": "partly",
    "partly": "done",
    "not": "done",
    "could not": "not",
    "forgot": "too hard",
    "no chance": "unclear",
    "better": "worse",
}


def _other(value: Any) -> Any:
    """Another value of the same sort."""
    match value:
        case int():
            return value + 1 if value < 3 else value - 1
        case str():
            return _WORDS.get(value, f"{value} No, that was another day.")
        case Mapping():
            return {name: _other(one) for name, one in value.items()}
        case _:
            return value
