"""How often "moved together" is said of people whose homework and symptoms have no relation, and of those who have one.

`./run bench together` prints the figures of docs/explanation/homework-and-symptoms.md. Imports only the schemas when
imported, as their tests do.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import accumulate
from math import exp, pi, sin, sqrt

from msgspec import Struct
from tests.bench.result import Figure, Options, Result

from intersession_schemas.measures.together import Together, Weekly, together

MONDAY = date(2020, 3, 2)
Series = list[float | None]
Person = tuple[Series, Series]
Making = Callable[[random.Random], Person]
One = Callable[[random.Random, int], list[float]]
"""One series of so many weeks; where something happens in it is drawn anew."""


class Said(Struct, frozen=True):
    """Shares of the people of whom "moved together" was said: at all, by direction; and who had too little data."""

    moved: float
    forward: float
    backward: float
    too_little: float


def simulate(making: Making, clients: int, seed: int) -> Said:
    """What is said of so many people made by `making`."""
    rng = random.Random(seed)
    answers = [answer(*making(rng)) for _ in range(clients)]
    return Said(
        moved=sum(one.words == "moved together" for one in answers) / clients,
        forward=sum(one.forward.words == "moved together" for one in answers) / clients,
        backward=sum(one.backward.words == "moved together" for one in answers) / clients,
        too_little=sum(one.words == "too little data" for one in answers) / clients,
    )


def answer(homework: Series, symptom: Series) -> Together:
    return together(_weeks(homework), _weeks(symptom))


def unrelated(
    weeks: tuple[int, int] = (8, 30),
    homework: tuple[float, float] = (0.0, 0.7),
    symptom: tuple[float, float] = (0.0, 0.7),
    trend: float = 0.2,
) -> Making:
    """Two series that have nothing to do with each other; AR(1) with coefficients drawn from these ranges.

    The slopes are drawn from -trend to trend, in standard deviations a week.
    """

    def make(rng: random.Random) -> Person:
        count = rng.randint(*weeks)
        return (
            _leaning(autoregressive(rng, count, rng.uniform(*homework)), rng.uniform(-trend, trend)),
            _leaning(autoregressive(rng, count, rng.uniform(*symptom)), rng.uniform(-trend, trend)),
        )

    return make


def related(
    r: float,
    inertia: float | tuple[float, float],
    *,
    weeks: int = 20,
    noise: tuple[float, float] = (0.0, 0.0),
    trend: float = 0.0,
    backward: bool = False,
) -> Making:
    """The symptom of a week correlates with the homework of the week before by `r`; or the other way (`backward`).

    `inertia` is the AR(1) coefficient of what goes before, `noise` the range of that of the rest of what follows.
    """

    def make(rng: random.Random) -> Person:
        before = autoregressive(rng, weeks, inertia if isinstance(inertia, float) else rng.uniform(*inertia))
        rest = autoregressive(rng, weeks, rng.uniform(*noise))
        after = [rest[0], *(r * one + sqrt(1 - r * r) * other for one, other in zip(before, rest[1:], strict=False))]
        first = _leaning(before, rng.uniform(-trend, trend))
        second = _leaning(after, rng.uniform(-trend, trend))
        return (second, first) if backward else (first, second)

    return make


def same_week(r: float, inertia: float, weeks: int = 20) -> Making:
    """Homework and symptom of the same week correlate by `r`; nothing goes from one week to the next but inertia."""

    def make(rng: random.Random) -> Person:
        first, rest = autoregressive(rng, weeks, inertia), autoregressive(rng, weeks, inertia)
        return [*first], [r * one + sqrt(1 - r * r) * other for one, other in zip(first, rest, strict=True)]

    return make


def independent(weeks: int | tuple[int, int], one: One, other: One | None = None) -> Making:
    """Two series made by `one`, or by `one` and `other` in either order, that know nothing of each other."""

    def make(rng: random.Random) -> Person:
        count = weeks if isinstance(weeks, int) else rng.randint(*weeks)
        first: Series = [*one(rng, count)]
        second: Series = [*(other or one)(rng, count)]
        return (first, second) if other is None or rng.random() < 0.5 else (second, first)

    return make


def steady(coefficient: tuple[float, float] = (0.0, 0.7)) -> One:
    return lambda rng, count: autoregressive(rng, count, rng.uniform(*coefficient))


def walk(rng: random.Random, count: int) -> list[float]:
    """A random walk: each week adds to the one before, and nothing brings it back."""
    return [*accumulate(rng.gauss(0, 1) for _ in range(count))]


def recovering(shape: str = "", size: tuple[float, float] = (2.0, 5.0)) -> One:
    """A fall or rise by `size` standard deviations that wears off ("exponential") or comes at a time ("logistic")."""

    def make(rng: random.Random, count: int) -> list[float]:
        height = rng.choice((-1, 1)) * rng.uniform(*size)
        if (shape or rng.choice(("exponential", "logistic"))) == "exponential":
            time = rng.uniform(1.5, 8)
            curve = [height * exp(-week / time) for week in range(count)]
        else:
            middle, time = rng.uniform(0.2, 0.8) * count, rng.uniform(0.7, 4)
            curve = [height / (1 + exp((middle - week) / time)) for week in range(count)]
        return _sum(curve, autoregressive(rng, count, rng.uniform(0, 0.3)))

    return make


def bent(degree: int, size: tuple[float, float] = (2.0, 6.0)) -> One:
    """A parabola (2) or cubic curve (3) of this size from its middle to its end, and a line."""

    def make(rng: random.Random, count: int) -> list[float]:
        height, slope = rng.choice((-1, 1)) * rng.uniform(*size), rng.uniform(-4, 4)
        times = [2 * week / (count - 1) - 1 for week in range(count)]
        return _sum([height * at**degree + slope * at for at in times], autoregressive(rng, count, rng.uniform(0, 0.3)))

    return make


def rhythm(
    rng: random.Random, count: int, period: float, height: tuple[float, float], shape: str = "wave"
) -> list[float]:
    """A wave, on and off ("halves"), or one week of each turn that differs ("one week"), begun anywhere."""
    begun, size = rng.uniform(0, period), rng.uniform(*height)
    if shape != "wave":
        begun = float(int(begun))
    turns = [(week + begun) / period % 1 for week in range(count)]
    if shape == "wave":
        curve = [size * sin(2 * pi * turn) for turn in turns]
    elif shape == "halves":
        curve = [size if turn < 0.5 else -size for turn in turns]
    else:
        curve = [2 * size if turn < 1 / period - 1e-9 else 0.0 for turn in turns]
    return _sum(curve, autoregressive(rng, count, rng.uniform(0, 0.3)))


def rhythmic(
    weeks: int | tuple[int, int],
    periods: tuple[float, ...],
    height: tuple[float, float] = (0.5, 3.0),
    *,
    shape: str = "wave",
    between: bool = False,
    same: bool = True,
) -> Making:
    """A rhythm in both, of one of these periods (or anything `between` two), the `same` in both or drawn twice."""

    def make(rng: random.Random) -> Person:
        count = weeks if isinstance(weeks, int) else rng.randint(*weeks)
        one, other = (rng.uniform(*periods) if between else rng.choice(periods) for _ in range(2))
        first = rhythm(rng, count, one, height, shape)
        return [*first], [*rhythm(rng, count, one if same else other, height, shape)]

    return make


def _any_rhythm(rng: random.Random, count: int) -> list[float]:
    return rhythm(rng, count, rng.uniform(2, 6), (0.5, 3.0))


def at_the_floor(making: Making) -> Making:
    """A symptom that is 0 in most weeks (0 to 10), and homework that is done wholly in most."""

    def make(rng: random.Random) -> Person:
        homework, symptom = making(rng)
        steps, usual = 2 * rng.randint(1, 7), rng.uniform(0.8, 1.3)
        done: Series = [
            None if one is None else max(0, min(steps, round((usual + 0.3 * one) * steps))) / steps for one in homework
        ]
        return done, [None if one is None else max(0.0, min(10.0, round(2 * one - 0.4, 1))) for one in symptom]

    return make


def mostly_nothing(rng: random.Random, count: int) -> list[float]:
    """0 in three to eight of ten weeks, that come in spells."""
    inertia, share = rng.uniform(0, 0.7), rng.uniform(0.3, 0.8)
    spells, sizes = autoregressive(rng, count, inertia), autoregressive(rng, count, inertia)
    least = sorted(spells)[int(share * (count - 1))]
    return [0.0 if spell < least else abs(size) + 0.2 for spell, size in zip(spells, sizes, strict=True)]


def silent(making: Making, when: str) -> Making:
    """Weeks that are missing because they go badly (or well): "each" series by itself, "symptom" for both, "either":
    both if symptom and homework together are bad enough, "for good": both from the first very bad week on."""

    def make(rng: random.Random) -> Person:
        homework, symptom = making(rng)
        sign, stopped = rng.choice((-1, 1)), False
        done, felt = [*homework], [*symptom]
        for week, (one, other) in enumerate(zip(homework, symptom, strict=True)):
            bad, lazy, seen = sign * (other or 0.0), -sign * (one or 0.0), rng.random() < 0.3
            stopped = stopped or (when == "for good" and week > 6 and bad > 1.3)
            both = stopped or (when == "symptom" and bad > 0.8 and not seen)
            both = both or (when == "either" and bad - (one or 0.0) > 1.2 and not seen)
            if both or (when == "each" and bad > 0.8 and not seen):
                felt[week] = None
            if both or (when == "each" and lazy > 0.8 and not seen):
                done[week] = None
        return done, felt

    return make


def before_a_holiday(making: Making, how: str) -> Making:
    """Homework stops one to three weeks before two weeks without anything: "homework" alone, with the "logs", or with
    a symptom that is unusual in "both"."""

    def make(rng: random.Random) -> Person:
        homework, symptom = making(rng)
        count, long = len(homework), rng.randint(1, 3)
        holiday, level = rng.randint(4, max(5, count - 3)), rng.choice((-2.0, 2.0))
        done, felt = [*homework], [*symptom]
        for week in range(max(0, holiday - long), min(count, holiday)):
            done[week] = -2.0
            felt[week] = level if how == "both" else None if how == "logs" else felt[week]
        for week in range(holiday, min(count, holiday + 2)):
            done[week] = felt[week] = None
        return done, felt

    return make


def coarse(making: Making) -> Making:
    """Homework as shares of 1 to 7 occurrences (done, half, not), usually most of them; symptoms in tenths, 0 to 10."""

    def make(rng: random.Random) -> Person:
        homework, symptom = making(rng)
        occurrences = rng.randint(1, 7)
        usual = rng.uniform(0.4, 0.95)
        steps = 2 * occurrences
        shares: Series = [
            None if one is None else max(0, min(steps, round((usual + 0.25 * one) * steps))) / steps for one in homework
        ]
        return shares, [None if one is None else max(0.0, min(10.0, round(5 + 1.5 * one, 1))) for one in symptom]

    return make


def with_gaps(making: Making, share: float = 0.1) -> Making:
    """Each week of each series is missing with this probability."""

    def make(rng: random.Random) -> Person:
        one, other = ([None if rng.random() < share else value for value in series] for series in making(rng))
        return one, other

    return make


def jumpy(making: Making) -> Making:
    """Now and then (one week in ten) a value three times as far out."""

    def make(rng: random.Random) -> Person:
        one, other = (
            [None if value is None else value * (3 if rng.random() < 0.1 else 1) for value in series]
            for series in making(rng)
        )
        return one, other

    return make


def autoregressive(rng: random.Random, count: int, coefficient: float) -> list[float]:
    """An AR(1) series of variance 1, from its stationary distribution."""
    value = rng.gauss(0, 1)
    found = [value]
    for _ in range(count - 1):
        value = coefficient * value + sqrt(1 - coefficient * coefficient) * rng.gauss(0, 1)
        found.append(value)
    return found


def _sum(one: list[float], other: list[float]) -> list[float]:
    return [first + second for first, second in zip(one, other, strict=True)]


def _leaning(series: list[float], slope: float) -> Series:
    return [value + slope * week for week, value in enumerate(series)]


def _weeks(series: Series) -> dict[date, Weekly]:
    return {MONDAY + timedelta(weeks=week): Weekly(value, 1) for week, value in enumerate(series) if value is not None}


WITHOUT: dict[str, Making] = {
    "**8 to 30 weeks, AR(1) 0 to 0.7, trends**": unrelated(),
    "the same, homework in coarse shares": coarse(unrelated()),
    "the same, 10 % of the weeks missing": with_gaps(unrelated()),
    "the same, coarse and 10 % missing": with_gaps(coarse(unrelated())),
    "the same, one week in ten far out": jumpy(unrelated()),
    "AR(1) 0 in both, 20 weeks": unrelated((20, 20), (0, 0), (0, 0)),
    "AR(1) 0.7 in both, 12 weeks": unrelated((12, 12), (0.7, 0.7), (0.7, 0.7)),
    "AR(1) 0.7 in both, 20 weeks": unrelated((20, 20), (0.7, 0.7), (0.7, 0.7)),
    "AR(1) 0.7 in both, 30 weeks": unrelated((30, 30), (0.7, 0.7), (0.7, 0.7)),
    "AR(1) 0.9 in both, 30 weeks": unrelated((30, 30), (0.9, 0.9), (0.9, 0.9)),
    "AR(1) −0.5 in both, 30 weeks": unrelated((30, 30), (-0.5, -0.5), (-0.5, -0.5)),
    "related by 0.6 in the same week only, AR(1) 0.5": same_week(0.6, 0.5),
    "random walks, 20 weeks": independent(20, walk),
    "random walks, 30 weeks": independent(30, walk),
    "a random walk and AR(1) 0 to 0.7, 20 weeks": independent(20, walk, steady()),
    "recovery in both, 8 to 30 weeks": independent((8, 30), recovering()),
    "exponential recovery in both, 20 weeks": independent(20, recovering("exponential")),
    "logistic recovery in both, 20 weeks": independent(20, recovering("logistic")),
    "large recovery (5 to 10) in both, 30 weeks": independent(30, recovering(size=(5, 10))),
    "recovery in one, 8 to 30 weeks": independent((8, 30), recovering(), steady()),
    "recovery in both, coarse, 20 weeks": coarse(independent(20, recovering())),
    "fortnightly in both, 20 weeks": rhythmic(20, (2,)),
    "every 4 weeks in both, 20 weeks": rhythmic(20, (4,)),
    "every month (4.35 weeks) in both, 30 weeks": rhythmic(30, (4.35,)),
    "every 2, 3, 4, 5 or 6 weeks in both, 8 to 30 weeks": rhythmic((8, 30), (2, 3, 4, 5, 6)),
    "every 2 to 6 weeks in both, 20 weeks": rhythmic(20, (2, 6), between=True),
    "the same, 52 weeks": rhythmic(52, (2, 6), between=True),
    "the same, two periods, 20 weeks": rhythmic(20, (2, 6), between=True, same=False),
    "the same, in one, 20 weeks": independent(20, _any_rhythm, steady()),
    "on and off every 2 to 6 weeks in both": rhythmic(20, (2, 3, 4, 5, 6), shape="halves"),
    "one week in 2 to 6 differs in both": rhythmic(20, (2, 3, 4, 5, 6), shape="one week"),
    "every 2 to 6 weeks in both, coarse": coarse(rhythmic(20, (2, 6), between=True)),
    "every 4 weeks in both, height 3, 20 weeks": rhythmic(20, (4,), (3, 3)),
    "every 4 weeks in both, height 1, 20 weeks": rhythmic(20, (4,), (1, 1)),
    "every 4 weeks in both, height 0.7, 20 weeks": rhythmic(20, (4,), (0.7, 0.7)),
    "every 2 to 6 weeks, height 0.7, 30 weeks": rhythmic(30, (2, 6), (0.7, 0.7), between=True),
    "every 6 to 10 weeks in both, 24 weeks": rhythmic(24, (6, 10), between=True),
    "steep lines (up to 0.6 a week)": unrelated(trend=0.6),
    "parabolas in both, 20 weeks": independent(20, bent(2)),
    "parabolas in both, 8 to 30 weeks": independent((8, 30), bent(2)),
    "large parabolas (4 to 10) in both, 30 weeks": independent(30, bent(2, (4, 10))),
    "cubic curves in both, 20 weeks": independent(20, bent(3)),
    "symptom at its floor, homework at its ceiling": at_the_floor(unrelated()),
    "both 0 in 30 to 80 % of the weeks": independent((8, 30), mostly_nothing),
    "bad (or good) weeks are not logged, each by itself": silent(unrelated((16, 30), trend=0.1), "each"),
    "bad weeks of the symptom: neither is logged": silent(unrelated((16, 30), trend=0.1), "symptom"),
    "either bad enough: neither is logged": silent(unrelated((16, 30), trend=0.1), "either"),
    "nothing is logged after the first very bad week": silent(unrelated((16, 30), trend=0.1), "for good"),
    "homework stops before a holiday": before_a_holiday(unrelated((12, 30), trend=0.1), "homework"),
    "homework and logs stop before a holiday": before_a_holiday(unrelated((12, 30), trend=0.1), "logs"),
    "both are unusual before a holiday, 12 to 30 weeks": before_a_holiday(unrelated((12, 30), trend=0.1), "both"),
}
WITH: dict[str, Making] = {
    "**r 0.6, AR(1) of homework 0 to 0.5**": related(0.6, (0.0, 0.5)),
    "r 0.6, AR(1) of homework 0": related(0.6, 0.0),
    "r 0.6, AR(1) of homework 0.25": related(0.6, 0.25),
    "r 0.6, AR(1) of homework 0.5": related(0.6, 0.5),
    "r −0.6, the same, AR(1) 0 to 0.5": related(-0.6, (0.0, 0.5)),
    "r 0.6, symptom first, AR(1) 0 to 0.5": related(0.6, (0.0, 0.5), backward=True),
    "r 0.6, AR(1) 0 to 0.7 in both, trends": related(0.6, (0.0, 0.7), noise=(0.0, 0.7), trend=0.2),
    "r 0.6, AR(1) 0 to 0.5, coarse shares": coarse(related(0.6, (0.0, 0.5))),
    "r 0.6, AR(1) 0 to 0.5, 10 % missing": with_gaps(related(0.6, (0.0, 0.5))),
    "r 0.6, AR(1) 0 to 0.5, 12 weeks": related(0.6, (0.0, 0.5), weeks=12),
    "r 0.6, AR(1) 0 to 0.5, 30 weeks": related(0.6, (0.0, 0.5), weeks=30),
    "r 0.3, AR(1) 0 to 0.5": related(0.3, (0.0, 0.5)),
}


def run(options: Options) -> Result:
    """`clients` simulated people in each row, from `seed`."""
    clients, began, used = options["clients"], time.perf_counter(), time.process_time()
    cases: list[dict[str, Figure]] = []
    for rows in (WITHOUT, WITH):
        for name, making in rows.items():
            said = simulate(making, clients, options["seed"])
            shares = {field: 100 * getattr(said, field) for field in Said.__struct_fields__}
            cases.append({"people, %": name, **shares})
    took, cpu = time.perf_counter() - began, time.process_time() - used
    count = clients * len(cases)
    figures: dict[str, Figure] = {"ms_a_person": 1000 * took / count}
    return Result(n=count, wall_s=took, client_cpu_s=cpu, figures=figures, cases=cases)
