"""How long a run without anything is to be expected of somebody who keeps to their own rate. Pure numbers.

Whoever does what is due with probability p misses k in a row, after having done one, with probability (1 - p)^k. Among
n chances that is to be expected n * p * (1 - p)^k times. A run counts from where that is a small number.
"""

from __future__ import annotations

from math import ceil, log

WEEKS = 20
"""Over so many weeks a run is to be expected less often than `OFTEN`."""
OFTEN = 0.15
LONGEST_RUN = 60


def unusual_from(rate: float, chances: float) -> int:
    """The shortest run that chance makes no more than `OFTEN` times; `rate` is p, below 1."""
    rate = min(max(rate, 0.01), 0.99)
    expected = chances * rate
    return 0 if expected <= OFTEN else ceil(log(OFTEN / expected) / log(1 - rate))


def rate(done: float, of: float, before: float, weight: float) -> float:
    """How often something is done: `done` of `of` times, set off with what is supposed `before` anything is known."""
    return (done + weight * before) / (of + weight)


def unusual_after(done: float, missed: float, before: float, weight: float, often: float) -> int:
    """The same where little is known yet: after `done` and `missed` occurrences, the rate may still be many things.

    The chance of k in a row is that of a beta distribution (a = done, b = missed, each with its part of what is
    supposed `before`): the product of (b + i) / (a + b + i) for i below k.
    """
    of = done + missed
    a, b = done + weight * before, missed + weight * (1 - before)
    expected, run = max(1.0, of) * a / (a + b), 0
    while expected > often and run < LONGEST_RUN:
        expected *= (b + run) / (a + b + run)
        run += 1
    return run
