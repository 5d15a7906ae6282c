"""When a row of scores has become worse than the best level before. Pure numbers: more is always worse here.

The best level is the lowest median of three administrations in a row, not the best single score: measurement error
alone carries one of twenty single scores far from where the person is. It counts as worse when two administrations in a
row lie beyond what the rule allows. Only entry into the severest band does not wait for the second.

What a person's scores vary by is reckoned from how far each lies from the middle of its two neighbours, so that getting
better or worse steadily counts for nothing: where errors are normal, the mean of these distances is 0.977 standard
errors (the root of 3 over pi). It is set off with what is known of the scale, the more so the fewer administrations
there are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import pi, sqrt
from statistics import fmean, median
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

HALF_A_YEAR = 183
"""Days; so far back a best level is looked for where no phase of care has begun since."""
SMOOTHED = 3
"""Administrations in a row whose median is a level."""
FEWEST = 5
"""Administrations before, from which on this person's own variation is known."""
LOOKED_AT = 26
"""Of so many administrations before, at most, the variation is reckoned."""
OF_AN_ERROR = sqrt(3 / pi)
BOTH_WAYS = 1.96 * sqrt(2)
"""By this many standard errors two scores differ by chance once in twenty times (Jacobson & Truax 1991)."""
OF_THE_RANGE = 0.065
"""The standard error of a scale of which nothing is published, over its range: that of the PHQ-9, GAD-7, PCL-5 and
EPDS, of which it is, lies between 0.048 and 0.081."""
WEIGHT = 8.0
"""What is known of the scale counts as so many differences of this person's."""

Evidence = Literal["limit", "reliable", "published", "band", "own", "severest"]
"""What a worsening rests on: a limit set in the plan, reliable change, a published difference, a band that was crossed
upwards, this person's own variation, or entry into the severest band."""


class Allowance(Struct, frozen=True, kw_only=True):
    """What a scale allows, in points: a `limit` of the plan, a `reliable` change, a `published` difference, or none.

    `borders` are where each worse band begins, best first. `severest`: the last of them begins the severest band.
    """

    width: float
    limit: float | None = None
    reliable: float | None = None
    published: float | None = None
    borders: tuple[float, ...] = ()
    severest: bool = False

    def band(self, value: float) -> int:
        """How many borders are reached."""
        return bisect_right(self.borders, value)

    def is_severest(self, value: float) -> bool:
        """Whether it is in the severest band."""
        return self.severest and value >= self.borders[-1]


class Administered(Struct, frozen=True):
    """One score, more being worse. `day` is an ordinal, as is the one on which its `phase` began (0: there is none)."""

    value: float
    day: int
    phase: int = 0

    @property
    def since(self) -> int:
        """What came before this day is not compared with."""
        return self.phase or self.day - HALF_A_YEAR


class Worsening(Struct, frozen=True, kw_only=True):
    """One fact: worse than `level` since the administration `first`, which `confirmed` bore out (or the same one).

    All are positions. `level_from` and `level_to` are the administrations that the best level is of. It is
    worse by `threshold` or more; `variation` is what this person's scores vary by where that is the larger measure.
    `ended` is the administration by which it was over: the level was reached again, or a new phase began.
    """

    first: int
    confirmed: int
    level: float
    level_from: int
    level_to: int
    threshold: float
    evidence: Evidence
    variation: float | None = None
    ended: int | None = None
    reached: float = 0.0


class _Level(Struct, frozen=True):
    value: float
    first: int
    last: int


def worsenings(row: Sequence[Administered], allowance: Allowance) -> list[Worsening]:
    """Every worsening in a row of scores, oldest first. A longer row changes nothing of earlier ones but `ended`."""
    return _Reading(row, allowance).worsenings()


class _Reading:
    """One row as it is read."""

    def __init__(self, row: Sequence[Administered], allowance: Allowance) -> None:
        self._row = row
        self._allowance = allowance
        self._values = [one.value for one in row]
        self._days = [one.day for one in row]
        self._middles = [median(self._values[max(0, last - SMOOTHED + 1) : last + 1]) for last in range(len(row))]
        neighbours = zip(self._values, self._values[1:], self._values[2:], strict=False)
        self._distances = [abs(one - (before + after) / 2) for before, one, after in neighbours]

    def worsenings(self) -> list[Worsening]:
        found: list[Worsening] = []
        going_on: list[int] = []
        for at in range(1, len(self._row)):
            new_phase = self._row[at].phase != self._row[at - 1].phase
            while going_on and (new_phase or self._is_over(found[going_on[-1]], at)):
                number = going_on.pop()
                found[number] = replace(found[number], ended=at)
            top = found[going_on[-1]] if going_on else None
            made = self._entry(at, top) or self._confirmed(at, top)
            if made is not None:
                going_on.append(len(found))
                found.append(made)
        return found

    def _is_over(self, fact: Worsening, at: int) -> bool:
        """Whether two in a row since then lie clearly back, so that chance does not end a fact: below half of the
        threshold, and below the severest band by a whole one."""
        bar = fact.level + fact.threshold / 2
        if fact.evidence == "severest":
            bar = min(bar, self._allowance.borders[-1] - fact.threshold)
        return at > fact.confirmed + 1 and self._values[at - 1] < bar and self._values[at] < bar

    def _entry(self, at: int, top: Worsening | None) -> Worsening | None:
        """Entry into the severest band of somebody whose best level is outside it."""
        allowance, value = self._allowance, self._values[at]
        if not allowance.is_severest(value):
            return None
        if top is not None and (top.evidence == "severest" or allowance.is_severest(top.reached)):
            return None
        level = self._best(at, at)
        if level is None or allowance.is_severest(level.value):
            return None
        threshold, _, variation = self._threshold(at, level)
        return _fact(at, at, level, threshold, "severest", variation, value)

    def _confirmed(self, at: int, top: Worsening | None) -> Worsening | None:
        """Two in a row that are worse than the best level before them; where that is told already, than it was then."""
        first = at - 1
        level = self._best(first, at)
        if level is None or (top is not None and first <= top.confirmed):
            return None
        threshold, evidence, variation = self._threshold(first, level)
        if top is not None:
            level = _Level(top.reached, top.first, top.confirmed)
        both = self._values[first], self._values[at]
        if not all(self._is_beyond(value, level.value, threshold, evidence) for value in both):
            return None
        return _fact(first, at, level, threshold, evidence, variation, fmean(both))

    def _is_beyond(self, value: float, level: float, threshold: float, evidence: Evidence) -> bool:
        if evidence == "band":  # what lies on a border crosses it by chance
            return self._allowance.band(value) > self._allowance.band(level) and value - level >= threshold / 2
        return value - level >= threshold

    def _best(self, before: int, at: int) -> _Level | None:
        """The best level of the administrations before position `before`, of those that `at` is compared with."""
        begin = bisect_left(self._days, self._row[at].since)
        size = min(SMOOTHED, before - begin)
        if size < 1:
            return None
        if size < SMOOTHED:
            return _Level(fmean(self._values[begin:before]), begin, before - 1)
        middles = self._middles[begin + size - 1 : before]
        value = min(middles)
        last = before - 1 - middles[::-1].index(value)
        return _Level(value, last - size + 1, last)

    def _threshold(self, before: int, level: _Level) -> tuple[float, Evidence, float | None]:
        """By how many points the ones from `before` on must be worse, what that rests on, and the variation in it."""
        allowance = self._allowance
        if allowance.limit is not None:
            return allowance.limit, "limit", None
        known = allowance.reliable or allowance.published
        error = known / BOTH_WAYS if known is not None else OF_THE_RANGE * allowance.width
        found = self._distances[max(0, before - LOOKED_AT) : max(0, before - 2)]
        own = fmean(found) / OF_AN_ERROR if found else error
        varies = BOTH_WAYS * sqrt((WEIGHT * error**2 + len(found) * own**2) / (WEIGHT + len(found)))
        if known is not None:
            evidence: Evidence = "reliable" if allowance.reliable is not None else "published"
            return (varies, evidence, varies) if varies > known else (known, evidence, None)
        if allowance.borders and before < FEWEST and allowance.band(level.value) < len(allowance.borders):
            return varies, "band", None
        return varies, "own", varies


def _fact(
    first: int, confirmed: int, level: _Level, threshold: float, evidence: Evidence, variation: float | None, to: float
) -> Worsening:
    return Worsening(
        first=first,
        confirmed=confirmed,
        level=level.value,
        level_from=level.first,
        level_to=level.last,
        threshold=threshold,
        evidence=evidence,
        variation=variation,
        reached=to,
    )
