"""A client with years of a diary, and a therapist who has given them something to do: actors that write it all.

A year is 365 entries, 1,095 symptom logs of three values, 52 check-ins, 52 pieces of homework done, 26 sessions.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import UUID

from tests.bench import material
from tests.bench.devices import ClientApp, TherapistApp

from intersession import Caseload, IntersessionError, Tracker

YEAR = 365
LOGS_A_DAY = 3
NAMES = (material.SYMPTOM, "tension", "sleep")
CHECK_IN = tuple(f"q{number}" for number in range(1, 7))
LENGTH = 600
"""Characters of an entry."""
SESSION_EVERY = 14
BUDGET = 3.0
"""Seconds after which no further round of one call is made."""


class PastClock:
    """The time, or the one that it was set to."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or datetime.now(UTC)


class DiaryApp(ClientApp):
    """A client's app whose clock can be set."""

    def _open(self) -> Tracker:
        self.clock = PastClock()
        return Tracker.open(self._path, clock=self.clock)

    def live_through(self, first: int, last: int) -> None:
        """Write what one does from `first` days ago until `last` days ago."""
        tracker, now = self.device, datetime.now(UTC)
        given = tracker.homework.list()
        for ago in range(first, last, -1):
            day = (now - timedelta(days=ago)).replace(hour=8)
            for number in range(LOGS_A_DAY):
                self.clock.at = day + timedelta(hours=4 * number)
                tracker.symptoms.log(dict.fromkeys(NAMES, (ago + number) % 11))
            self.clock.at = day + timedelta(hours=12)
            tracker.journal.write(material.text(ago, length=LENGTH), mood=ago % 11)
            if ago % 7 == 0:
                draft = tracker.assessments.start("check-in", new=True)
                for place, item in enumerate(CHECK_IN):
                    draft.answer(item, (ago + place) % 11)
                draft.complete()
                for one in given:
                    with suppress(IntersessionError):  # not on a day of it
                        tracker.homework.record(one.id, day.date(), "done", helpfulness=ago % 11)
        self.clock.at = None

    def write_until(self, documents: int) -> None:
        """Further entries, older than all others, until there are so many."""
        start = datetime.now(UTC) - timedelta(days=6 * YEAR)
        for number in range(len(self.device.journal.entries()), documents):
            self.device.journal.write(material.text(number, length=LENGTH), at=start - timedelta(hours=number))

    def measure(self, rounds: int) -> dict[str, float]:
        """Milliseconds that each call takes."""
        tracker = self.device
        newest = tracker.journal.entries(limit=1)[0]
        calls: dict[str, Callable[[], object]] = {
            "write": lambda: tracker.journal.write(material.text(1)),
            "edit": lambda: tracker.journal.edit(newest.id, text=f"{newest.text} {time.perf_counter_ns()}"),
            "log": lambda: tracker.symptoms.log(dict.fromkeys(NAMES, 4)),
            "search_common": lambda: tracker.journal.search(material.COMMON),
            "search_rare": lambda: tracker.journal.search(material.RARE),
            "entries_50": lambda: tracker.journal.entries(limit=50),
            "series": lambda: tracker.symptoms.series(material.SYMPTOM),
            "due": tracker.due,
            "progress": tracker.progress,
            "status": tracker.status,
        }
        found = measured_calls(calls, rounds)
        self.device.close()
        found |= measured_calls({"open": lambda: Tracker.open(self._path).close()}, rounds)
        self.device = self._opened.enter_context(self._open())
        return found


class CareApp(TherapistApp):
    """A therapist's app in which a client is cared for."""

    def _open(self) -> Caseload:
        self.clock = PastClock()
        return Caseload.open(self._path, clock=self.clock)

    def give(self, client: UUID, days: int) -> None:
        """A plan, homework and sessions, since so many days ago."""
        one, now = self.device.client(client), datetime.now(UTC)
        self.clock.at = now - timedelta(days=days)
        since = self.clock.at.date()
        with one.plan.edit() as plan:
            for name in NAMES:
                plan.add_tracker(name, since=since)
            plan.add_assessment("check-in", "weekly", since)
        one.homework.assign("Worry at six, for a quarter of an hour", rule="daily", since=since, agreed=True)
        for ago in range(days, 0, -SESSION_EVERY):
            self.clock.at = now - timedelta(days=ago)
            one.sessions.attended(one.sessions.plan(self.clock.at).id)
        self.clock.at = None
        one.sessions.plan(now + timedelta(days=2))

    def measure(self, client: UUID, rounds: int) -> dict[str, float]:
        """Milliseconds that each call about a client takes."""
        one = self.device.client(client)
        calls: dict[str, Callable[[], object]] = {
            "therapist_clients": self.device.clients,
            "therapist_entries_50": lambda: one.entries(limit=50),
            "therapist_search_common": lambda: one.search(material.COMMON),
            "therapist_series": lambda: one.series(material.SYMPTOM),
            "therapist_signals": one.signals,
            "therapist_brief": one.brief,
        }
        return measured_calls(calls, rounds)


def measured_calls(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median of some rounds of each call after a first one, in milliseconds; fewer rounds of what takes long."""
    found = {}
    for name, call in calls.items():
        call()
        took: list[float] = []
        while len(took) < rounds and sum(took) < BUDGET:
            began = time.perf_counter()
            call()
            took.append(time.perf_counter() - began)
        found[f"{name}_ms"] = 1000 * median(took)
    return found
