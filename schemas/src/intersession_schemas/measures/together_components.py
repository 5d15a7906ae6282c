"""What one rhythm or one slow course, present in both of two series, can make of a correlation. Pure.

Two series that have nothing to do with each other correlate as soon as both repeat every month, or both settle after
a bad start: how many weeks there are does not help, since all of them repeat one accident. So each rhythm and each
simple curve is looked at by itself: which share of the correlation it carries, and how far it stands out in both
series. A relation from week to week is spread over all rhythms; that is how the two can be told apart, if at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import cos, exp, pi, sin, sqrt
from operator import mul
from typing import Literal

from msgspec import Struct

Kind = Literal["rhythm", "curve"]
Vector = Sequence[float]

SLOW = 1 / 6.6
"""Rhythms with fewer turns a week are hard to tell from a steady series, and have to stand out more."""
PERIODS = (3, 4, 5, 6)
"""Weeks after which a pattern of any shape may repeat."""
SETTLING = (1.0, 2.0, 4.0, 7.0)
"""Weeks in which something that wears off falls to a third."""
MOST_OF_ALL = 0.95
MANY_PAIRS = 19
"""Over more pairs than these, of 20 weeks, a relation is found easily, and so is a weak rhythm taken for one: there a
component need not stand out so far, by as much as there are more of them."""


class Component(Struct, frozen=True):
    """A rhythm or a curve over all weeks, as one vector or more.

    It is suspected when it carries more than `share` times what one rhythm can carry by chance, and `height` is
    exceeded: how many times more than the average it holds of the one series, times the same of the other one.
    """

    kind: Kind
    vectors: tuple[Vector, ...]
    share: float
    height: float


class Suspect(Struct, frozen=True):
    """A component that carries so much of a correlation that the rest has to be looked at without it.

    `weight` grows with how far it stands out and with its share; about 9 is as sure as it can be told in 20 weeks.
    """

    component: Component
    weight: float


def suspect(weeks: Sequence[int], length: int, lines: Sequence[Vector], one: Vector, other: Vector) -> Suspect | None:
    """The component that carries most of the correlation of `one` and `other`, if any carries too much.

    Both are values for `weeks`, of length one and at right angles to `lines`; there are `length` weeks in all.
    """
    r = _dot(one, other)
    free = len(weeks) - len(lines)
    usual, doubt = by_chance(len(weeks)), max(1.0, len(weeks) / MANY_PAIRS)
    found, most = None, 1.0
    for component in components(length):
        vectors = right_angles(([vector[week] for week in weeks] for vector in component.vectors), lines)
        if not vectors:
            continue
        ones, others = [_dot(one, vector) for vector in vectors], [_dot(other, vector) for vector in vectors]
        share = _dot(ones, others) / r
        excess = share / min(MOST_OF_ALL, component.share * usual)
        if excess <= most:
            continue
        count = len(vectors)
        height = doubt * (_dot(ones, ones) * free / count) * (_dot(others, others) * free / count)
        if count == 1:
            height *= 0.4  # one number is far above its average more often than two are
        if height > component.height:
            found, most = Suspect(component, height * share * share), excess
    return found


def by_chance(pairs: int) -> float:
    """The share of a whole that the largest of all rhythms exceeds by chance in about one of twenty noises.

    Fisher's test for a hidden period: among K rhythms of equal mean the largest exceeds a share g with a probability
    of about K (1 - g)^(K - 1).
    """
    count = max(2.0, (pairs - 2) / 2)
    return float(1 - (0.05 / count) ** (1 / (count - 1)))


@lru_cache(maxsize=16)
def components(length: int) -> tuple[Component, ...]:
    """All that is looked at in so many weeks: rhythms by half turns, patterns that repeat, and curves."""
    return tuple(_components(length))


def _components(length: int) -> Iterator[Component]:
    weeks = range(length)
    for half_turns in range(1, length + 1):
        turns = half_turns / (2 * length)
        slow = turns < SLOW
        waves = [tuple(cos(2 * pi * turns * week) for week in weeks)]
        if half_turns < length:  # every other week there is no sine
            waves.append(tuple(sin(2 * pi * turns * week) for week in weeks))
        yield Component("rhythm", tuple(waves), share=1.2 if slow else 1.1, height=25 if slow else 6)
    for period in PERIODS:
        parts = tuple(tuple(float(week % period == part) for week in weeks) for part in range(period - 1))
        yield Component("rhythm", parts, share=1.3 + 0.1 * period, height=6)
    middle = length / 2
    square, cube = (tuple((week / middle - 1) ** power for week in weeks) for power in (2, 3))
    yield Component("curve", (square,), share=1.0, height=6)
    yield Component("curve", (square, cube), share=1.2, height=6)
    for time in SETTLING:
        yield Component("curve", (tuple(exp(-week / time) for week in weeks),), share=1.0, height=6)


def right_angles(vectors: Iterator[list[float]] | Sequence[list[float]], lines: Sequence[Vector]) -> list[list[float]]:
    """`vectors` of length one, at right angles to `lines` and to each other; those are left out of which nothing is
    left."""
    found: list[list[float]] = []
    for vector in vectors:
        left, whole = vector, _dot(vector, vector)
        for line in (*lines, *found):
            share = _dot(left, line)
            left = [value - share * part for value, part in zip(left, line, strict=True)]
        rest = _dot(left, left)
        if rest > 1e-8 * whole:
            length = sqrt(rest)
            found.append([value / length for value in left])
    return found


def _dot(one: Vector, other: Vector) -> float:
    return float(sum(map(mul, one, other)))
