"""How long to wait before connecting again: exponential backoff with full jitter, or what the server asked for. Pure.

`LONGEST` is short on purpose: whatever kept the server away, ten seconds after it is back everybody is, with two
seconds to spare for connecting. An attempt that is refused costs a device one packet; 200 devices that try once in four
seconds on average are 50 handshakes a second, where a server does over a thousand.
"""

from __future__ import annotations

FIRST = 0.5
LONGEST = 8.0
MOST_SPREAD = 60.0
"""A server may ask for more, but is not waited for any longer."""
STOOD = 60.0
"""Seconds after which a connection that brought nothing counts as a good one all the same."""


def wait_before(attempt: int, chance: float, told: float | None = None, spread: float = 0.0) -> float:
    """Seconds to wait before attempt number `attempt` (1 is the first retry); `chance` is random in [0, 1).

    Full jitter: anywhere between nothing and the exponential bound, so that devices which lost the server at
    one moment do not come back at one moment; and the bound is at least `spread`, the seconds over which the server
    wants its devices to come back. Where it has `told` how many seconds to stay away, at least those, and up to a
    quarter more.
    """
    if told is not None:
        return told + chance * min(LONGEST, told / 4)
    return chance * max(min(LONGEST, FIRST * 2.0 ** min(attempt - 1, 16)), min(spread, MOST_SPREAD))


def attempts_after(attempt: int, *, progressed: bool, stood: float) -> int:
    """The number of the next attempt, after a connection that was number `attempt` (0: the first) and has ended.

    Only a connection that brought something forward, or stood for long, resets the count: a server that welcomes
    and closes at once is not to be asked forty times in ten seconds.
    """
    return 1 if progressed or stood >= STOOD else attempt + 1
