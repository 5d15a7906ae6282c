"""Lets histories happen on real stores: each person's device and the therapists', day by day, synced as they go.

A day that was played is written down with the ids it made, so that a demo which was interrupted goes on there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from intersession.caseload import Caseload, Client
from intersession.demo import clients, desk
from intersession.demo.happenings import CareBegun, Happening, HomeworkTold, StepTaken, Whose
from intersession.demo.telling import Story
from intersession.errors import IntersessionError, NotFound
from intersession.tracker import Tracker

_FILE = "played.json"
ON_THE_WAY = timedelta(minutes=3)
HOURS_OF_A_BATCH = 4
"""What happens within so many hours of a day arrives together, at their end."""
LAST_DAYS = 1
COMES_WITHIN = 30.0
"""Seconds within which what was sent must be there."""


class Reception(Protocol):
    """What the server's process does for the demo's people."""

    def client_code(self, name: str, *, covered: bool) -> str:
        """A pairing code for a client's device; they are made and assigned the first time."""

    def therapist_code(self, who: Whose) -> str:
        """A pairing code for a therapist's device."""

    def it_is(self, at: datetime | None) -> None:
        """Set the server's clock; None: to what it is."""


class Played(Struct):
    """What a later start needs: the moment that histories lead up to, how far they were played, and what was made."""

    now: datetime
    through: date = date.min
    ids: dict[str, dict[str, UUID]] = {}


class SetClock:
    """A clock that stands where it is put; let go of, it shows what time it is in `zone` (None: here)."""

    def __init__(self) -> None:
        self.at: datetime | None = None
        self.zone: ZoneInfo | None = None

    def __call__(self) -> datetime:
        return self.at if self.at is not None else datetime.now().astimezone(self.zone)


class Stage:
    """Everybody's stores, open."""

    def __init__(self, folder: Path, url: str, practice: Reception, stories: Iterable[Story]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.url, self.practice = folder, url, practice
        self.clock = SetClock()
        self.stories = {story.name: story for story in stories}
        self._open = ExitStack()
        self._lines: dict[str, ExitStack] = {}
        self.trackers = {name: self._trackers(story) for name, story in self.stories.items()}
        self.caseloads: dict[Whose, Caseload] = {
            who: self._open.enter_context(Caseload.open(folder / f"{who}.db", clock=self.clock))
            for who in ("therapist", "covering")
        }

    def _trackers(self, story: Story) -> list[Tracker]:
        name = "".join(letter if letter.isalnum() else "-" for letter in story.name.lower())
        return [
            self._open.enter_context(Tracker.open(self.folder / f"{name}-{number}.db", clock=self.clock))
            for number in range(1, story.devices + 1)
        ]

    def close(self) -> None:
        """Close all of them."""
        for line in self._lines.values():
            line.close()
        self._open.close()

    def pair_client(self, name: str) -> None:
        """Pair every device of a client that is not paired with this server."""
        for tracker in self.trackers[name]:
            if _elsewhere(tracker, self.url):
                code = self.practice.client_code(name, covered=self.stories[name].covered)
                tracker.pair(self.url, code, share_by_default=True)

    def pair_therapists(self) -> None:
        """Pair the therapists' devices that are not paired with this server."""
        for who, caseload in self.caseloads.items():
            if _elsewhere(caseload, self.url):
                caseload.pair(self.url, self.practice.therapist_code(who))
            if who not in self._lines:
                self._lines[who] = self._line(caseload)

    def connect(self, name: str, *, wanted: bool) -> None:
        """Keep a client's first device connected, or cut it off; one that is not paired yet stays as it is."""
        if name in self._lines and not wanted:
            self._lines.pop(name).close()
        elif name not in self._lines and wanted and self.trackers[name][0].status().paired is not None:
            self._lines[name] = self._line(self.trackers[name][0])

    def _line(self, device: Tracker | Caseload) -> ExitStack:
        line = ExitStack()
        line.enter_context(device.live())
        return line


def _elsewhere(device: Tracker | Caseload, url: str) -> bool:
    """Whether a device is not paired, or with a server at another address than this one has now."""
    paired = device.status().paired
    return paired is None or paired.url != url


def played(folder: Path, now: datetime) -> Played:
    """What was kept of an earlier start; else a beginning at `now`."""
    file = folder / _FILE
    return msgspec.json.decode(file.read_bytes(), type=Played) if file.is_file() else Played(now)


class Player:
    """Plays histories on a stage."""

    def __init__(self, stage: Stage, kept: Played) -> None:
        self._stage = stage
        self._kept = kept
        self._known: dict[Whose, dict[str, UUID]] = {}
        self._arrived: set[UUID] = set()

    def play(self, histories: Mapping[str, Iterable[Happening]], said: Callable[[int], object]) -> None:
        """Let happen what has not happened yet. `said` is told how many of a hundred parts of it are done."""
        everything = sorted(
            ((name, one) for name, history in histories.items() for one in history),
            key=lambda pair: pair[1].at,
        )
        total, done = len(everything), 0
        for day, todays in groupby(everything, key=lambda pair: pair[1].at.date()):
            happening = list(todays)
            if day > self._kept.through:
                self._day(day, happening)
            done += len(happening)
            said(100 * done // total)
        for name in self._stage.stories:
            self._stage.connect(name, wanted=False)
        self._stage.clock.at = None
        self._stage.practice.it_is(None)

    def _day(self, day: date, todays: list[tuple[str, Happening]]) -> None:
        for name in self._stage.stories:
            # A line that is kept open is quickest; in the last days each one calls for itself, and is heard of then.
            self._stage.connect(name, wanted=self._is_reached(name, day) and self._ago(day) > LAST_DAYS)
        batches: dict[tuple[Whose, int], list[tuple[str, Happening]]] = {}
        for name, one in todays:
            batches.setdefault((one.who, one.at.hour // HOURS_OF_A_BATCH), []).append((name, one))
        # One after the other, by when each has ended: the server's clock goes only forward.
        for (who, _), batch in sorted(batches.items(), key=lambda pair: pair[1][-1][1].at):
            self._stage.clock.at = batch[0][1].at
            self._stage.practice.it_is(batch[-1][1].at + ON_THE_WAY)
            if who == "client":
                self._at_home(batch, day)
            else:
                self._at_the_desk(who, batch)
        self._kept.through = day
        temporary = self._stage.folder / f"{_FILE}.new"
        temporary.write_bytes(msgspec.json.encode(self._kept))
        temporary.replace(self._stage.folder / _FILE)

    def _is_reached(self, name: str, day: date) -> bool:
        """Whether a client's device has a network on that day, and is still used."""
        story, ago = self._stage.stories[name], self._ago(day)
        away = any(first >= ago > (-1 if last is None else last) for first, last in story.offline)
        return not away and not any(first >= ago and last == 0 for first, last in story.quiet)

    def _ago(self, day: date) -> int:
        return (self._kept.now.date() - day).days

    def _at_home(self, batch: list[tuple[str, Happening]], day: date) -> None:
        for name, one in batch:
            tracker = self._stage.trackers[name][0]
            if isinstance(one, HomeworkTold | StepTaken) and (id := self._ids(name)[one.key]) not in self._arrived:
                _wait_for(tracker, one, id)
                self._arrived.add(id)
            self._stage.clock.at = one.at
            clients.act(tracker, one, self._ids(name))
        for name in dict.fromkeys(name for name, _ in batch):
            if self._is_reached(name, day):
                self._stage.trackers[name][0].sync()

    def _at_the_desk(self, who: Whose, batch: list[tuple[str, Happening]]) -> None:
        self._stage.pair_therapists()
        for name, one in batch:
            if isinstance(one, CareBegun):
                self._stage.pair_client(name)
                self._stage.trackers[name][0].sync()
        caseload = self._stage.caseloads[who]
        caseload.sync()
        for name, one in batch:
            client = self._client(who, name)
            self._stage.clock.at = one.at
            desk.act(client, one, self._ids(name))
        caseload.sync()

    def _client(self, who: Whose, name: str) -> Client:
        known = self._known.setdefault(who, {})
        began = time.monotonic()
        while name not in known:
            known.update((one.name, one.id) for one in self._stage.caseloads[who].clients())
            _pause(began)
        return self._stage.caseloads[who].client(known[name])

    def _ids(self, name: str) -> dict[str, UUID]:
        return self._kept.ids.setdefault(name, {})


def _wait_for(tracker: Tracker, one: HomeworkTold | StepTaken, id: UUID) -> None:
    """Until what a client's happening is about has come from their therapist."""
    began = time.monotonic()
    while True:
        try:
            if isinstance(one, HomeworkTold):
                tracker.homework.get(id)
            else:
                tracker.goals.get(id)
        except NotFound:
            _pause(began)
        else:
            return


def _pause(began: float) -> None:
    if time.monotonic() - began > COMES_WITHIN:
        raise IntersessionError("Something that the demo's people wait for has not come in time.")
    time.sleep(0.01)
