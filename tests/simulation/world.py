"""A world in one thread: a seeded clock, seeded chance, and connections that delay, duplicate and break.

Everything that happens is an event in one queue, ordered by its time; so a run is told apart by its seed alone
and can be played again from it. Nothing here sleeps: the clock jumps to the next event.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from random import Random

START = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
"""Evening before a change of daylight saving time."""

Action = Callable[[], None]


class World:
    """The clock, the chance and the queue of what happens next."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.now = 0.0
        self._queue: list[tuple[float, int, Action]] = []
        self._order = count()
        self.transcript: list[str] = []

    def datetime(self) -> datetime:
        """The world's time of day."""
        return START + timedelta(seconds=self.now)

    def later(self, delay: float, action: Action) -> None:
        """Do `action` when `delay` seconds are over."""
        heapq.heappush(self._queue, (self.now + delay, next(self._order), action))

    def soon(self, action: Action, most: float = 0.05) -> None:
        """Do `action` after a short while that chance decides."""
        self.later(self.random.uniform(0.001, most), action)

    def run(self, until: float) -> None:
        """Let everything happen up to a time."""
        while self._queue and self._queue[0][0] <= until:
            self.now, _, action = heapq.heappop(self._queue)
            action()
        self.now = until

    def note(self, *words: object) -> None:
        """A line of the transcript."""
        self.transcript.append(f"{self.now:9.3f} " + " ".join(map(str, words)))

    def fingerprint(self) -> str:
        """The same for two runs exactly when the same things happened in them."""
        return sha256("\n".join(self.transcript).encode()).hexdigest()


class Pipe:
    """One direction of a connection: in order, each message after a delay, until it is broken."""

    def __init__(self, world: World, deliver: Callable[[bytes], None], slowest: float) -> None:
        self._world = world
        self._deliver = deliver
        self._slowest = slowest
        self._free_at = 0.0
        self.broken = False

    def send(self, data: bytes) -> None:
        """Deliver `data` in its turn, unless the pipe breaks before."""
        world = self._world
        self._free_at = max(self._free_at, world.now + world.random.uniform(0.001, self._slowest))
        world.later(self._free_at - world.now, lambda: None if self.broken else self._deliver(data))


class Link:
    """A connection: a pipe up, a pipe down, and the news of its end, which reaches each side in its own time."""

    def __init__(
        self, world: World, *, up: Callable[[bytes], None], down: Callable[[bytes], None], ended: list[Action]
    ) -> None:
        self._world = world
        slowest = world.random.choice([0.01, 0.1, 1.0])
        self.up = Pipe(world, up, slowest)
        self.down = Pipe(world, down, slowest)
        self._ended = ended

    @property
    def broken(self) -> bool:
        return self.up.broken

    def cut(self) -> None:
        """Break it: what is under way is lost."""
        if self.broken:
            return
        self.up.broken = self.down.broken = True
        for news in self._ended:
            self._world.soon(news, 0.5)
