"""Apps on the real SDK, each an actor in a process of its own: a client's, and a therapist's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar
from uuid import UUID

from msgspec import Struct
from tests.bench import material
from tests.bench.measuring import Used, count_bytes, used

from intersession import Caseload, Tracker

CONNECTED_WITHIN = 600.0

D = TypeVar("D", Tracker, Caseload)


class Edited(Struct, frozen=True):
    """Edits that were made: when each call began, how long it took, and what the process used for them."""

    began: list[float]
    calls: list[float]
    used: Used


class App(Generic[D]):
    """One device's app. `path` need not exist; `code` pairs it."""

    def __init__(self, path: Path, url: str = "", code: str = "") -> None:
        count_bytes()
        self._path, self._url, self._code = path, url, code
        self._opened = ExitStack()
        self._before = Used()

    def _open(self) -> D:
        raise NotImplementedError

    def _pair(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.device: D = self._opened.enter_context(self._open())
        if self._code:
            self._pair()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._opened.close()

    def live(self) -> float:
        """Stay connected from now on; the seconds until everything known of is exchanged."""
        began = time.perf_counter()
        self._opened.enter_context(self.device.live())
        assert self.device.wait_synced(CONNECTED_WITHIN), self.device.status()
        return time.perf_counter() - began

    def sync(self) -> tuple[float, Used]:
        """Sync once; the seconds that it took, and what this process used for it."""
        before, began = used(), time.perf_counter()
        report = self.device.sync(timeout=CONNECTED_WITHIN)
        took = time.perf_counter() - began
        assert report.complete, report
        return took, used().since(before)

    def wait_synced(self) -> None:
        """Wait until everything is exchanged."""
        assert self.device.wait_synced(CONNECTED_WITHIN), self.device.status()

    def begin(self) -> None:
        """Let `used` count from now on."""
        self._before = used()

    def used(self) -> Used:
        """What this process has used since `begin`."""
        return used().since(self._before)


class ClientApp(App[Tracker]):
    """A client's app, which shares what is written in it."""

    def _open(self) -> Tracker:
        return Tracker.open(self._path)

    def _pair(self) -> None:
        self.device.pair(self._url, self._code, share_by_default=True, share_earlier=False)

    def write(self, seed: int) -> UUID:
        """A new entry of 1,500 characters; its id."""
        id: UUID = self.device.journal.write(material.text(seed)).id
        return id

    def write_many(self, count: int) -> list[float]:
        """So many new entries; the seconds that each call took."""
        took = []
        for number in range(count):
            said = material.text(number)
            began = time.perf_counter()
            self.device.journal.write(said)
            took.append(time.perf_counter() - began)
        return took

    def log_offline(self, count: int, months_ago: int = 0) -> None:
        """So many symptom logs of one month."""
        for number in range(count):
            self.device.symptoms.log({material.SYMPTOM: number % 11}, at=_within(months_ago))

    def edit(self, id: UUID, count: int, a_second: float) -> Edited:
        """Append to an entry so often, at this rate, and wait until the server has all of it."""
        text = self.device.journal.get(id).text
        first = material.edits_in(text)
        return self._at(a_second, count, lambda n: self._append(id, text, first, n))

    def _append(self, id: UUID, text: str, first: int, number: int) -> None:
        said = text + "".join(map(material.token, range(first, first + number + 1)))
        self.device.journal.edit(id, text=said)

    def log(self, count: int, a_second: float, months_ago: int = 0) -> Edited:
        """Log a symptom of one month so often, at this rate, and wait until the server has all of it."""
        at = _within(months_ago)
        return self._at(a_second, count, lambda n: self.device.symptoms.log({material.SYMPTOM: n % 11}, at=at))

    def _at(self, a_second: float, count: int, call: Callable[[int], object]) -> Edited:
        before, start = used(), time.perf_counter()
        began, calls = [], []
        for number in range(count):
            time.sleep(max(0.0, start + number / a_second - time.perf_counter()))
            began.append(time.perf_counter())
            call(number)
            calls.append(time.perf_counter() - began[-1])
        self.wait_synced()
        return Edited(began, calls, used().since(before))


def _within(months_ago: int) -> datetime | None:
    """A time in that month; of this one, now."""
    return (datetime.now(UTC).replace(day=15) - timedelta(days=30.4 * months_ago)) if months_ago else None


class TherapistApp(App[Caseload]):
    """A therapist's app, which may look out for what one client writes."""

    _unsubscribe: Callable[[], None] | None = None

    def _open(self) -> Caseload:
        return Caseload.open(self._path)

    def _pair(self) -> None:
        self.device.pair(self._url, self._code)

    def watch(self, client: UUID, entry: UUID) -> None:
        """Note when each edit of a client's entry is seen, first told by `on_change`; see `seen`."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._client, self._entry = self.device.client(client), entry
        self._when = next(one.written_at for one in self._client.entries() if one.id == entry)
        self._seen: list[float] = []
        self._changed = threading.Condition()
        self._edits_before = material.edits_in(self._text())
        self._unsubscribe = self.device.on_change(lambda change: self._look() if entry in change.documents else None)

    def _text(self) -> str:
        """What the entry says now: found by its time, without reading others."""
        found = self._client.entries(since=self._when, until=self._when + timedelta(seconds=1))
        return str(next(one.text for one in found if one.id == self._entry))

    def _look(self) -> None:
        there = material.edits_in(self._text()) - self._edits_before
        now = time.perf_counter()
        with self._changed:
            # What a later edit has overtaken was seen with it.
            self._seen += [now] * (there - len(self._seen))
            self._changed.notify_all()

    def seen(self, count: int, within: float = 60.0) -> list[float]:
        """When each of so many edits was seen."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._seen) >= count, within), f"{len(self._seen)} of {count}"
            return self._seen[:count]
