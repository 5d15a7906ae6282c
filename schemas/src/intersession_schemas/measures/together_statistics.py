"""Whether two weekly series of one person go together, one week apart: the arithmetic. Pure, and the same every time.

The measure is the correlation of one series in week t with the other in week t+1, each without its own straight line.
What such a correlation is worth is told by series without any relation: of one of the two, what each week does not owe
to the week before it is cut into runs of three weeks; the runs are put in another order, also backwards, and the
series is built up again with its own inertia. The serial order is kept; what the two series have in common is lost.
The larger of both directions is compared with the larger of both directions there, so that two looks cost what two
looks cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from math import atanh, sqrt
from operator import itemgetter, mul

from msgspec import Struct

ARRANGEMENTS = 999
"""How many series without relation are made: half from the first series, half from the second."""
RUN = 3
"""Weeks that stay together when the order is changed."""
HIGHEST_INERTIA = 0.9
_NOTHING = 1e-9
"""A spread below this share of the values is rounding, not movement; and so is such a difference of correlations."""

Series = Sequence[float | None]
"""One value a week, None where there is none."""
Order = Callable[[Sequence[float]], tuple[float, ...]]


class Strength(Struct, frozen=True, kw_only=True):
    """One direction: over how many pairs of weeks, the correlation, and how often chance alone gives as much.

    `r` is None where it was not computed (too few pairs) or cannot be (a series that does not move, or only along a
    straight line). `p` is for both directions together; None where neither could be computed.
    """

    n: int
    r: float | None = None
    p: float | None = None


def strengths(first: Series, second: Series, *, least: int, seed: int = 0) -> tuple[Strength, Strength]:
    """`first` in a week with `second` in the next one; and `second` in a week with `first` in the next one.

    Both series cover the same weeks. A direction with fewer than `least` pairs is not computed. `seed` chooses another
    set of arrangements; the answer depends on nothing else.
    """
    ahead, back = _Lag(first, second), _Lag(second, first)
    computed = [lag for lag in (ahead, back) if len(lag.weeks) >= least and lag.r is not None]
    if not computed:
        return Strength(n=len(ahead.weeks)), Strength(n=len(back.weeks))
    chance = sorted(_by_chance(first, second, ahead, back, computed, seed))

    def told(lag: _Lag) -> Strength:
        if lag not in computed or lag.r is None:
            return Strength(n=len(lag.weeks))
        reached = sum(1 for size in chance if size >= lag.size(lag.r) - _NOTHING)
        return Strength(n=len(lag.weeks), r=round(lag.r, 6), p=round((1 + reached) / (1 + len(chance)), 6))

    return told(ahead), told(back)


class _Lag:
    """One direction: the weeks that make pairs, and both sides without mean and straight line, of length one."""

    def __init__(self, earlier: Series, later: Series) -> None:
        self.weeks = [
            week for week in range(len(earlier) - 1) if earlier[week] is not None and later[week + 1] is not None
        ]
        self.lines = _straight_lines(self.weeks)
        self.earlier = self._direction([earlier[week] or 0.0 for week in self.weeks])
        self.later = self._direction([later[week + 1] or 0.0 for week in self.weeks])
        self.r = None if self.earlier is None or self.later is None else _clip(_dot(self.earlier, self.later), 1.0)

    def r_with_earlier(self, values: Sequence[float]) -> float:
        """The correlation if `values` (one for every week) were the earlier series."""
        return self._r([values[week] for week in self.weeks], self.later)

    def r_with_later(self, values: Sequence[float]) -> float:
        """The correlation if `values` (one for every week) were the later series."""
        return self._r([values[week + 1] for week in self.weeks], self.earlier)

    def size(self, r: float) -> float:
        """How large it is on a scale on which directions with different numbers of pairs can be compared."""
        return atanh(min(abs(r), 1 - 1e-6)) * sqrt(len(self.weeks) - 4)

    def _r(self, values: list[float], other: list[float] | None) -> float:
        if other is None:
            return 0.0
        total = _dot(values, values)
        spread = total - sum(_dot(values, line) ** 2 for line in self.lines)
        return _clip(_dot(values, other) / sqrt(spread), 1.0) if spread > _NOTHING * total else 0.0

    def _direction(self, values: list[float]) -> list[float] | None:
        left = _without(values, self.lines)
        length = sqrt(_dot(left, left))
        return [value / length for value in left] if length > _NOTHING * sqrt(_dot(values, values)) else None


class _Inertia:
    """A series without its straight line, as its inertia from week to week and what is new in each of its weeks."""

    def __init__(self, series: Series) -> None:
        self.weeks = [week for week, value in enumerate(series) if value is not None]
        self.length = len(series)
        values = _without([value for value in series if value is not None], _straight_lines(self.weeks))
        self.inertia = _inertia(self.weeks, values)
        self.steps = [(self.inertia**gap, sqrt(1 - self.inertia ** (2 * gap))) for gap in _gaps(self.weeks)]
        self.news = values[:1] + [
            (value - kept * before) / fresh
            for value, before, (kept, fresh) in zip(values[1:], values, self.steps, strict=False)
        ]

    def built_from(self, news: Sequence[float]) -> list[float]:
        """The series that comes of `news` in this order; 0 in the weeks that have no value, which no pair uses."""
        found = [0.0] * self.length
        value = found[self.weeks[0]] = news[0]
        for week, new, (kept, fresh) in zip(self.weeks[1:], news[1:], self.steps, strict=True):
            value = found[week] = kept * value + fresh * new
        return found


def _by_chance(
    first: Series, second: Series, ahead: _Lag, back: _Lag, computed: list[_Lag], seed: int
) -> Iterator[float]:
    """The larger of the computed directions, in series that have lost their relation."""
    one, two = _Inertia(first), _Inertia(second)
    for number, order in enumerate(_arrangements(len(one.weeks), seed)):
        if number % 2 == 0:
            built = one.built_from(order(one.news))
            found = [(lag, lag.r_with_earlier(built) if lag is ahead else lag.r_with_later(built)) for lag in computed]
            yield max(lag.size(r) for lag, r in found)
    for number, order in enumerate(_arrangements(len(two.weeks), seed)):
        if number % 2 == 1:
            built = two.built_from(order(two.news))
            found = [(lag, lag.r_with_earlier(built) if lag is back else lag.r_with_later(built)) for lag in computed]
            yield max(lag.size(r) for lag, r in found)


@lru_cache(maxsize=64)
def _arrangements(count: int, seed: int) -> tuple[Order, ...]:
    """Orders of `count` values: begun somewhere, cut into runs, the runs exchanged, and half of them turned round."""
    numbers = _numbers(seed * 1_000_003 + count)
    orders: list[Order] = []
    for _ in range(ARRANGEMENTS):
        begin = next(numbers) % count
        turned = [*range(begin, count), *range(begin)]
        runs = [turned[at : at + RUN] for at in range(0, count, RUN)]
        for last in range(len(runs) - 1, 0, -1):
            other = next(numbers) % (last + 1)
            runs[last], runs[other] = runs[other], runs[last]
        order = list(chain.from_iterable(runs))
        orders.append(itemgetter(*(order[::-1] if next(numbers) % 2 else order)))
    return tuple(orders)


def _numbers(seed: int) -> Iterator[int]:
    """A fixed sequence of well-mixed 64-bit numbers (splitmix64), the same everywhere."""
    mask = 2**64 - 1
    state = seed & mask
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        yield mixed ^ (mixed >> 31)


def _inertia(weeks: Sequence[int], values: Sequence[float]) -> float:
    """The correlation of a week with the one before, corrected for what a short series and its line take from it.

    The correction is the usual one for a first-order coefficient after a straight line: (2 + 4 r) / n.
    """
    count, total = len(values), _dot(values, values)
    products = [values[at] * values[at + 1] for at, gap in enumerate(_gaps(weeks)) if gap == 1]
    if not products or total <= 0:
        return 0.0
    found = sum(products) * (count - 1) / (len(products) * total)
    return _clip(found + (2 + 4 * found) / count, HIGHEST_INERTIA)


def _gaps(weeks: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(weeks)]


def _straight_lines(weeks: Sequence[int]) -> list[list[float]]:
    """A level and a slope over these weeks, of length one and at right angles: what is taken from a series."""
    if not weeks:
        return []
    middle = sum(weeks) / len(weeks)
    slope = [week - middle for week in weeks]
    length = sqrt(_dot(slope, slope))
    level = [1 / sqrt(len(weeks))] * len(weeks)
    return [level, [value / length for value in slope]] if length else [level]


def _without(values: list[float], lines: list[list[float]]) -> list[float]:
    for line in lines:
        share = _dot(values, line)
        values = [value - share * part for value, part in zip(values, line, strict=True)]
    return values


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum(map(mul, one, other)))


def _clip(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))
