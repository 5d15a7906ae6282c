"""How fast a replica sends: never faster than `welcome` allows, so that in normal work nothing is refused. Pure.

The server counts frames, and what they cost it, when they arrive; here they are counted when they leave. A network
that holds frames up and lets them through all at once looks to the server like a burst. So a replica uses only part of
what is allowed at once (`AT_ONCE`), which also leaves something for the person's other devices and for the same device
after a restart, and stays a little under the rate (`STEADY`).
"""

from __future__ import annotations

from math import inf

from intersession_schemas.messages import Limits

AT_ONCE = 0.5
"""The share of a burst that is used."""
STEADY = 0.95
"""The share of a rate that is used."""
UNTOLD_AT_ONCE = 0.2
UNTOLD_STEADY = 0.8
"""Where a server tells a rate and no burst: shares of the rate with which no second ever has more frames than it."""


class _Bucket:
    """Fills at `rate` a second up to `capacity`; may be overdrawn."""

    def __init__(self, rate: float, capacity: float, now: float) -> None:
        self.rate = rate
        self.capacity = capacity
        self.level = capacity
        self._at = now

    def fill(self, now: float) -> float:
        """The level now."""
        self.level = min(self.capacity, self.level + max(0.0, now - self._at) * self.rate)
        self._at = max(now, self._at)
        return self.level

    def ready(self, amount: float, now: float) -> float:
        """When `amount` will be there, or the bucket will be full."""
        missing = min(amount, self.capacity) - self.fill(now)
        return now + max(0.0, missing) / self.rate


class Pace:
    """What may be sent when. It outlives connections, as the server's own count does: one for all of a process."""

    def __init__(self) -> None:
        self._frames: _Bucket | None = None
        self._work: _Bucket | None = None
        self._sent_before = 0.0

    @property
    def counts_work(self) -> bool:
        """Whether what frames cost has to be told to `sent`."""
        return self._work is not None

    def allow(self, limits: Limits, now: float) -> None:
        """Keep to the limits of a welcome. What was used up before stays used up."""
        first = self._frames is None
        rate, burst = limits.messages_per_second, limits.burst
        self._frames = _adjusted(self._frames, _bucket(rate, burst, 1.0, now), now)
        self._work = _adjusted(self._work, _bucket(limits.work_per_second, limits.work_burst, 0.0, now), now)
        if first and self._frames is not None:
            self._frames.level -= self._sent_before

    def sent(self, now: float, work: float = 0.0, frames: int = 1) -> None:
        """A frame has left that costs the server `work`; or, without `frames`, something more in the one before."""
        if self._frames is None:
            self._sent_before += frames
        else:
            self._frames.fill(now)
            self._frames.level -= frames
        if self._work is not None:
            self._work.fill(now)
            self._work.level -= work

    def refused(self, now: float) -> None:
        """The server has counted more than was counted here: begin with nothing."""
        for bucket in (self._frames, self._work):
            if bucket is not None:
                bucket.level = min(bucket.fill(now), 0.0)

    def frames(self, now: float) -> float:
        """How many frames may be sent at once; infinite where the server tells no limit."""
        return inf if self._frames is None else self._frames.fill(now)

    def affords(self, work: float, now: float) -> bool:
        """Whether a frame that costs `work` may be sent. What costs more than is ever allowed goes when all is free."""
        return self._work is None or self._work.ready(work, now) <= now

    def ready(self, now: float, *, frames: float = 1.0, work: float = 0.0) -> float:
        """When so many frames, costing so much, may be sent; `now` if they may be already."""
        when = now
        if self._frames is not None:
            when = max(when, self._frames.ready(frames, now))
        if self._work is not None:
            when = max(when, self._work.ready(work, now))
        return when


def _bucket(rate: float, burst: float, least: float, now: float) -> _Bucket | None:
    if rate <= 0:
        return None
    if burst <= 0:
        return _Bucket(rate * UNTOLD_STEADY, max(least, rate * UNTOLD_AT_ONCE), now)
    return _Bucket(rate * STEADY, max(least, burst * AT_ONCE), now)


def _adjusted(before: _Bucket | None, bucket: _Bucket | None, now: float) -> _Bucket | None:
    if before is not None and bucket is not None:
        bucket.level = min(before.fill(now), bucket.capacity)
    return bucket
