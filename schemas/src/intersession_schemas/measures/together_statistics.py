"""Whether two weekly series of one person go together, one week apart: the arithmetic. Pure, and the same every time.

The measure is the correlation of one series in week t with the other in week t+1, each without its own straight line.
What such a correlation is worth is told by series without any relation: of one of the two, what each week does not owe
to the week before it is cut into runs of three weeks; the runs are put in another order, also backwards, and the
series is built up again with its own inertia. The serial order is kept; what the two series have in common is lost.
The larger of both directions is compared with the larger of both directions there, so that two looks cost what two
looks cost.

Such series know inertia and nothing else. So a correlation that would be told is looked at again: if a rhythm or a
curve that both series have carries too much of it (together_components), that is taken from both, and what is left
has to stand by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from math import atanh, sqrt
from operator import itemgetter, mul
from typing import Literal

from msgspec import Struct

from intersession_schemas.measures.together_components import Kind, Suspect, Vector, right_angles, suspect

ARRANGEMENTS = 999
"""How many series without relation are made: half from the first series, half from the second."""
ARRANGEMENTS_OF_REST = 499
"""And how many without what carries a relation: fewer, since the question is a coarser one."""
RUN = 3
"""Weeks that stay together when the order is changed."""
HIGHEST_INERTIA = 0.9
MOST_COMPONENTS = 4
"""So many rhythms and curves are taken from two series, one after the other."""
LEAST_FREE = 4
"""With fewer pairs than this beyond what was taken from them, nothing is left that could stand by itself."""
SURE = 9.0
"""The weight of a suspect component from which on what is left has to be as unlikely as the whole was."""
LENIENT, STRICT = 0.25, 2.0
"""By what the `p` of the rest is multiplied at least, and at most: it is of one direction, so that 2 is in full."""
_NOTHING = 1e-9
"""A spread below this share of the values is rounding, not movement; and so is such a difference of correlations."""

Carried = Kind | Literal[""]
_NOT_CARRIED: Carried = ""

Series = Sequence[float | None]
"""One value a week, None where there is none."""
Order = Callable[[Sequence[float]], tuple[float, ...]]


class Strength(Struct, frozen=True, kw_only=True):
    """One direction: over how many pairs of weeks, the correlation, and how often chance alone gives as much.

    `r` is None where it was not computed (too few pairs) or cannot be (a series that does not move, or only along a
    straight line). `p` is for both directions together; None where neither could be computed. `carried` says what was
    taken from both series before `p` was found, the weightiest; empty if nothing was.
    """

    n: int
    r: float | None = None
    p: float | None = None
    carried: Carried = ""


def strengths(
    first: Series, second: Series, *, least: int, limit: float = 1.0, seed: int = 0
) -> tuple[Strength, Strength]:
    """`first` in a week with `second` in the next one; and `second` in a week with `first` in the next one.

    Both series cover the same weeks. A direction with fewer than `least` pairs is not computed; one whose `p` is at
    most `limit` is looked at without the rhythms and curves that carry it. `seed` chooses another set of arrangements;
    the answer depends on nothing else.
    """
    ahead, back = _Lag(first, second), _Lag(second, first)
    computed = [lag for lag in (ahead, back) if len(lag.weeks) >= least and lag.r is not None]
    if not computed:
        return Strength(n=len(ahead.weeks)), Strength(n=len(back.weeks))
    chance = _by_chance(
        _Inertia(first), _Inertia(second), [(lag, lag is ahead) for lag in computed], ARRANGEMENTS, seed
    )
    found = dict(zip(computed, _shares(computed, chance, limit), strict=True))

    def told(lag: _Lag) -> Strength:
        p, carried = found.get(lag), _NOT_CARRIED
        if p is None or lag.r is None:
            return Strength(n=len(lag.weeks))
        if p <= limit:
            without, carried = _without_components(lag, first, second, forward=lag is ahead, seed=seed)
            p = max(p, without)
        return Strength(n=len(lag.weeks), r=round(lag.r, 6), p=round(p, 6), carried=carried)

    return told(ahead), told(back)


def _without_components(
    whole: _Lag, first: Series, second: Series, *, forward: bool, seed: int
) -> tuple[float, Carried]:
    """How unlikely one direction is without what carries it, and what that is; 0 and "" if it is carried by nothing.

    A component may also stand out in both series because they are related. The less sure it is, the less is asked of
    the rest; if the rest has the other sign, or is too short, nothing is left of the relation.
    """
    earlier, later = (first, second) if forward else (second, first)
    lag, found = whole, list[Suspect]()
    while len(found) < MOST_COMPONENTS and lag.r is not None and (more := lag.suspect()) is not None:
        found.append(more)
        lag = _Lag(earlier, later, [vector for one in found for vector in one.component.vectors])
        if lag.r is None or whole.r is None or lag.r * whole.r <= 0 or len(lag.weeks) - len(lag.lines) < LEAST_FREE:
            return 1.0, max(found, key=lambda one: one.weight).component.kind
    if not found:
        return 0.0, _NOT_CARRIED
    taken = [vector for one in found for vector in one.component.vectors]
    series = _Inertia(first, taken), _Inertia(second, taken)
    (p,) = _shares([lag], _by_chance(*series, [(lag, forward)], ARRANGEMENTS_OF_REST, seed))
    surest = max(found, key=lambda one: one.weight)
    return min(1.0, p * max(LENIENT, min(STRICT, surest.weight / SURE))), surest.component.kind


class _Lag:
    """One direction: the weeks that make pairs, and both sides without mean and straight line, of length one.

    And without `taken`, functions of the week. They may be any that are the same in a later week but for a mixture of
    them: so what is taken from the weeks of the one side is also taken from those of the other.
    """

    def __init__(self, earlier: Series, later: Series, taken: Sequence[Vector] = ()) -> None:
        self.length = len(earlier)
        self.weeks = [
            week for week in range(len(earlier) - 1) if earlier[week] is not None and later[week + 1] is not None
        ]
        self.lines = _lines(self.weeks, taken)
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

    def suspect(self) -> Suspect | None:
        """What carries too much of the correlation, if anything does."""
        if self.earlier is None or self.later is None or abs(self.r or 0.0) < _NOTHING:
            return None
        return suspect(self.weeks, self.length, self.lines, self.earlier, self.later)

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
    """A series without its straight line (and what else is `taken`), as its inertia from week to week and what is new
    in each of its weeks."""

    def __init__(self, series: Series, taken: Sequence[Vector] = ()) -> None:
        self.weeks = [week for week, value in enumerate(series) if value is not None]
        self.length = len(series)
        values = _without([value for value in series if value is not None], _lines(self.weeks, taken))
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


def _shares(lags: Sequence[_Lag], chance: Iterator[float], limit: float = 1.0) -> list[float]:
    """How often series without relation reach each correlation, which is counted among them.

    A direction that has been reached so often that it must be above `limit` is done with what was made by then, which
    is as good a share (Besag and Clifford, Biometrika 78, 1991): most people have no relation, and this is quick.
    """
    least = [lag.size(lag.r or 0.0) - _NOTHING for lag in lags]
    reached, shares = [0] * len(lags), [1.0] * len(lags)
    enough = limit * (1 + ARRANGEMENTS)
    running = list(range(len(lags)))
    for number, size in enumerate(chance, start=1):
        for at in tuple(running):
            reached[at] += size >= least[at]
            shares[at] = (1 + reached[at]) / (1 + number)
            if reached[at] >= enough:
                running.remove(at)
        if not running:
            break
    return shares


def _by_chance(
    one: _Inertia, two: _Inertia, lags: Sequence[tuple[_Lag, bool]], count: int, seed: int
) -> Iterator[float]:
    """The larger of the directions (each with whether it is `one` that comes earlier), in `count` series that have
    lost their relation, made from `one` and `two` in turn."""
    orders = (_arrangements(len(one.weeks), seed), _arrangements(len(two.weeks), seed))
    for number in range(count):
        series, order = ((one, orders[0][number]), (two, orders[1][number]))[number % 2]
        built = series.built_from(order(series.news))
        yield max(
            lag.size(lag.r_with_earlier(built) if forward is (series is one) else lag.r_with_later(built))
            for lag, forward in lags
        )


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


def _lines(weeks: Sequence[int], taken: Sequence[Vector]) -> list[list[float]]:
    """A level, a slope and what else is taken, over these weeks."""
    lines = _straight_lines(weeks)
    return lines + right_angles([[vector[week] for week in weeks] for vector in taken], lines)


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
