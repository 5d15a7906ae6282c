"""How often something may go wrong before it has to wait: per key, in memory, over a sliding window. Pure."""

from __future__ import annotations

import ipaddress
from collections import deque
from datetime import datetime, timedelta

from cachetools import FIFOCache


class Throttle:
    """At most `limit` failures per key in any `window`. Holds at most `keys` keys, forgetting the longest quiet."""

    def __init__(self, limit: int, window: timedelta, *, keys: int = 10_000) -> None:
        self._limit = limit
        self._window = window
        # A key comes in anew with each failure, so the first to go is the one whose last failure is the oldest.
        self._failures: FIFOCache[str, deque[datetime]] = FIFOCache(keys)

    def wait(self, key: str, now: datetime) -> float | None:
        """Seconds that `key` has to wait before another try; None when it may try now."""
        failures = self._failures.get(key)
        if failures is None:
            return None
        while failures and now - failures[0] >= self._window:
            failures.popleft()
        if not failures:
            del self._failures[key]
            return None
        if len(failures) < self._limit:
            return None
        return max((failures[-self._limit] + self._window - now).total_seconds(), 1.0)

    def failed(self, key: str, now: datetime) -> None:
        """Count a failure of `key`."""
        failures = self._failures.get(key, deque(maxlen=self._limit))
        failures.append(now)
        self._failures[key] = failures

    def take_back(self, key: str) -> None:
        """Take back the last failure that was counted: it was none."""
        failures = self._failures.get(key)
        if failures:
            failures.pop()

    def forget(self, key: str) -> None:
        """Forget the failures of `key`."""
        self._failures.pop(key, None)


def address_key(address: str) -> str:
    """What one remote end is counted by: the address, for IPv6 its /64, of which one subscriber has all."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
