"""How long to wait before connecting again: exponential backoff with full jitter. Pure."""

from __future__ import annotations

FIRST = 0.5
LONGEST = 60.0


def wait_before(attempt: int, chance: float) -> float:
    """Seconds to wait before attempt number `attempt` (1 is the first retry); `chance` is random in [0, 1).

    Full jitter: anywhere between nothing and the exponential bound, so that devices which lost the server at
    one moment do not come back at one moment.
    """
    return chance * min(LONGEST, FIRST * 2.0 ** min(attempt - 1, 16))
