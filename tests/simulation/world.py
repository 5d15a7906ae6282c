"""A world in one thread: a seeded clock, seeded chance, and connections that delay, repeat, damage and break.

Everything that happens is an event in one queue, ordered by its time; so a run is told apart by its seed alone
and can be played again from it. Nothing here sleeps: the clock jumps to the next event.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from random import Random

START = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
"""Evening before a change of daylight saving time."""
LATEST_NEWS = 0.5
"""Seconds within which each side has heard that a connection has ended."""
REPEATS = (0.0, 0.02, 0.1)
DAMAGES = (0.0, 0.0, 0.0, 0.01)
"""How many frames come twice, or with a flipped bit: one of these for each connection."""

Action = Callable[[], None]
Ended = Callable[[int | None], None]
"""Called with the code that a connection was closed with; None when it broke."""


class World:
    """The clock, the chance and the queue of what happens next. `calm`: nothing goes wrong any more."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.now = 0.0
        self.calm = False
        self.counts: Counter[str] = Counter()
        self.transcript: list[str] = []
        self._queue: list[tuple[float, int, Action]] = []
        self._order = count()

    def datetime(self) -> datetime:
        """The world's time of day."""
        return START + timedelta(seconds=self.now)

    def later(self, delay: float, action: Action) -> None:
        """Do `action` when `delay` seconds are over."""
        self.at(self.now + delay, action)

    def at(self, moment: float, action: Action) -> None:
        """Do `action` at a moment; of what is to be done at one moment, first what was asked for first."""
        heapq.heappush(self._queue, (moment, next(self._order), action))

    def soon(self, action: Action, most: float = 0.05) -> None:
        """Do `action` after a short while that chance decides."""
        self.later(self.random.uniform(0.001, most), action)

    def run(self, until: float) -> None:
        """Let everything happen up to a time."""
        while self._queue and self._queue[0][0] <= until:
            self.now, _, action = heapq.heappop(self._queue)
            action()
        self.now = until

    def strikes(self, chance: float) -> bool:
        """Whether something that goes wrong so often goes wrong now."""
        return not self.calm and self.random.random() < chance

    def note(self, *words: object) -> None:
        """A line of the transcript. It names no content: seeds are passed on."""
        self.transcript.append(f"{self.now:9.3f} " + " ".join(map(str, words)))

    def fingerprint(self) -> str:
        """The same for two runs exactly when the same things happened in them."""
        return sha256("\n".join(self.transcript).encode()).hexdigest()


class Weather:
    """How the network is for one connection: seconds that a message takes at most, and what befalls messages."""

    def __init__(self, world: World) -> None:
        chance = world.random
        self.slowest = 0.1 if world.calm else chance.choice([0.01, 0.1, 0.1, 1.0, 1.0, 60.0])
        self.repeats = chance.choice(REPEATS)
        self.damages = chance.choice(DAMAGES)


class Pipe:
    """One direction of a connection: in order, each message after a delay, until it is broken."""

    def __init__(self, link: Link, deliver: Callable[[bytes], None], *, repeats: bool) -> None:
        self._link = link
        self._deliver = deliver
        self._repeats = repeats
        self._free_at = 0.0

    def send(self, data: bytes) -> None:
        """Deliver `data` in its turn, unless the connection breaks before."""
        link, world = self._link, self._link.world
        if world.strikes(link.weather.damages):
            world.counts["damaged frames"] += 1
            at = world.random.randrange(8 * len(data))
            data = b"".join((data[: at // 8], bytes([data[at // 8] ^ 1 << at % 8]), data[at // 8 + 1 :]))
            self._put(lambda: link.damage(data))
            return
        self._put(lambda: self._deliver(data))
        if self._repeats and world.strikes(link.weather.repeats):
            world.counts["duplicates"] += 1
            self._put(lambda: self._deliver(data))

    def close(self, code: int) -> None:
        """End the connection, once what was sent has arrived."""
        self._put(lambda: self._link.cut(code))

    def _put(self, action: Action) -> None:
        link, world = self._link, self._link.world
        self._free_at = max(self._free_at, world.now + world.random.uniform(0.001, link.weather.slowest))
        world.at(self._free_at, lambda: None if link.broken else action())


class Link:
    """A connection: a pipe up, a pipe down, and the news of its end, which reaches each side in its own time.

    Frames have no checksum of their own: that a bit was flipped is noticed by TLS, which ends the connection. `decode`
    is shown the damaged frame all the same, as it must refuse it in order or take it for another one.
    """

    def __init__(
        self,
        world: World,
        *,
        up: Callable[[bytes], None],
        down: Callable[[bytes], None],
        ended: list[Ended],
        decode: Callable[[bytes], object] = len,
    ) -> None:
        self.world = world
        self.weather = Weather(world)
        self.broken = False
        self.up = Pipe(self, up, repeats=False)
        self.down = Pipe(self, down, repeats=True)
        self._ended = ended
        self._decode = decode

    def clear_up(self) -> None:
        """From now on this is a good network."""
        self.weather.slowest = 0.1

    def damage(self, data: bytes) -> None:
        """A frame has come with a flipped bit."""
        self._decode(data)
        self.world.note("a damaged frame ends a connection")
        self.cut()

    def cut(self, code: int | None = None) -> None:
        """End it: what is under way is lost."""
        if self.broken:
            return
        self.broken = True
        self.world.counts["breaks"] += code is None
        for news in self._ended:
            self.world.soon(lambda news=news: news(code), LATEST_NEWS)  # type: ignore[misc]
